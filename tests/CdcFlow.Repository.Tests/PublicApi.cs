using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CdcFlow.Repository.Tests;

/// <summary>The public surface of an assembly as sorted lines of text, one per type and member, so that a change of it shows in review.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static string Of(Assembly assembly) =>
        string.Concat(Types(assembly).SelectMany(Lines).Order(StringComparer.Ordinal).Select(line => line + "\n"));

    internal static IEnumerable<Type> Types(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsVisible && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    /// <summary>Every type that a user of <paramref name="type"/> must know to use its members.</summary>
    internal static IEnumerable<Type> TypesShownBy(Type type) =>
        Members(type).SelectMany(member => member switch
        {
            MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType)
                .Append(method is MethodInfo info ? info.ReturnType : typeof(void)),
            PropertyInfo property => [property.PropertyType],
            FieldInfo field => [field.FieldType],
            EventInfo @event => [@event.EventHandlerType!],
            _ => Enumerable.Empty<Type>(),
        }).SelectMany(Parts);

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Prepend(type);

    private static IEnumerable<string> Lines(Type type) =>
        Members(type).Select(member => $"{TypeName.Of(type)}.{Describe(member)}").Prepend($"{TypeName.Of(type)}{Kind(type)}");

    private static IEnumerable<MemberInfo> Members(Type type) => typeof(Delegate).IsAssignableFrom(type)
        ? [type.GetMethod("Invoke")!]
        : type.GetMembers(Declared).Where(member => member is not Type && IsShown(member));

    // Compiler-made members (a record's equality, accessors) follow from the declaration and would only be noise.
    private static bool IsShown(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        MethodBase { IsSpecialName: true, IsConstructor: false } method => method.Name.StartsWith("op_", StringComparison.Ordinal),
        MethodBase method => IsShown(method),
        PropertyInfo property => IsShown(property.GetMethod) || IsShown(property.SetMethod),
        FieldInfo { IsSpecialName: false } field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        EventInfo @event => IsShown(@event.AddMethod),
        _ => false,
    };

    private static bool IsShown(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true, DeclaringType.IsSealed: false } or { IsFamilyOrAssembly: true, DeclaringType.IsSealed: false };

    private static string Kind(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsByRefLike: true } => "ref struct",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = new[] { type.BaseType }
            .Where(baseType => baseType is not null && baseType != typeof(object) && baseType != typeof(ValueType) && kind is not ("enum" or "delegate"))
            .Concat(kind == "enum" ? [] : type.GetInterfaces().Where(contract => contract.IsVisible).OrderBy(TypeName.Of, StringComparer.Ordinal));
        var list = string.Join(", ", bases.Select(baseType => TypeName.Of(baseType!)));
        return list.Length == 0 ? $" ({kind})" : $" ({kind}) : {list}";
    }

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $".ctor({Parameters(constructor)})",
        MethodInfo method => $"{method.Name}{TypeName.Arguments(method.GetGenericArguments())}({Parameters(method)}) -> {TypeName.Of(method.ReturnType)}{Modifier(method)}",
        PropertyInfo property => $"{property.Name} {{{Accessors(property)} }} -> {TypeName.Of(property.PropertyType)}{Modifier(property.GetMethod ?? property.SetMethod!)}",
        FieldInfo { IsLiteral: true } field => $"{field.Name} = {Literal(field)}",
        FieldInfo field => $"{field.Name} -> {TypeName.Of(field.FieldType)}{(field.IsStatic ? " (static)" : "")}",
        _ => $"{member.Name} ({member.MemberType})",
    };

    private static string Literal(FieldInfo field) =>
        Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture) ?? "null";

    private static string Modifier(MethodBase method) =>
        (method.IsStatic ? " (static)" : "") + (method.IsFamily || method.IsFamilyOrAssembly ? " (protected)" : "")
        + (method.IsAbstract && !method.DeclaringType!.IsInterface ? " (abstract)" : "");

    private static string Accessors(PropertyInfo property)
    {
        var init = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        return (IsShown(property.GetMethod) ? " get;" : "") + (IsShown(property.SetMethod) ? init ? " init;" : " set;" : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Passing(parameter)}{TypeName.Of(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = …" : "")}"));

    private static string Passing(ParameterInfo parameter) =>
        !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
}
