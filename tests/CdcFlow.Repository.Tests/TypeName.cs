namespace CdcFlow.Repository.Tests;

/// <summary>Names of types as C# writes them: <c>IReadOnlyList&lt;long?&gt;</c>, namespaces only for the project's own.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    internal static string Of(Type type) => type switch
    {
        _ when keywords.TryGetValue(type, out var keyword) => keyword,
        { IsByRef: true } => Of(type.GetElementType()!),
        { IsPointer: true } => Of(type.GetElementType()!) + "*",
        { IsArray: true } => Of(type.GetElementType()!) + "[]",
        { IsGenericParameter: true } => type.Name,
        _ when Nullable.GetUnderlyingType(type) is { } value => Of(value) + "?",
        _ => Scope(type) + type.Name.Split('`')[0] + Arguments(OwnArguments(type)),
    };

    internal static string Arguments(Type[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    // A nested type repeats the arguments of the type around it.
    private static Type[] OwnArguments(Type type) =>
        [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0)];

    private static string Scope(Type type) =>
        type.DeclaringType is { } outer ? Of(outer) + "."
        : type.Namespace is { } space && space.StartsWith("CdcFlow", StringComparison.Ordinal) ? space + "."
        : "";
}
