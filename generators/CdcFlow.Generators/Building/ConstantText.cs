using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Building;

/// <summary>C# text of attributes and constants as they were written.</summary>
internal static class ConstantText
{
    /// <summary>The expression that makes the attribute, as in <c>new global::CdcFlow.FooSinkAttribute("bus") { Topic = "orders" }</c>.</summary>
    public static string Creation(AttributeData attribute)
    {
        var arguments = string.Join(", ", attribute.ConstructorArguments.Select(Of));
        var properties = string.Join(", ", attribute.NamedArguments.Select(argument => $"{argument.Key} = {Of(argument.Value)}"));
        return $"new {attribute.AttributeClass!.FullName()}({arguments})" + (properties.Length == 0 ? "" : $" {{ {properties} }}");
    }

    public static string Of(TypedConstant constant) => constant switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array } => $"new {constant.Type!.FullName()} {{ {string.Join(", ", constant.Values.Select(Of))} }}",
        { Kind: TypedConstantKind.Type } => $"typeof({((ITypeSymbol)constant.Value!).FullName()})",
        { Kind: TypedConstantKind.Enum } => Member(constant),
        _ => Of(constant.Value),
    };

    /// <summary>The text of a primitive value.</summary>
    public static string Of(object? value) => value switch
    {
        double number when double.IsNaN(number) => "double.NaN",
        double number when double.IsInfinity(number) => number > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity",
        float number when float.IsNaN(number) => "float.NaN",
        float number when float.IsInfinity(number) => number > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity",
        byte or sbyte or short or ushort => $"({Keyword(value)}){SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)}",
        float => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "F",
        double => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "D",
        decimal => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) + "M",
        null => "null",
        _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
    };

    private static string Member(TypedConstant constant) =>
        constant.EnumMember() is { } member
            ? $"{constant.Type!.FullName()}.{member}"
            : $"({constant.Type!.FullName()})({SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false)})";

    private static string Keyword(object value) => value switch
    {
        byte => "byte",
        sbyte => "sbyte",
        short => "short",
        _ => "ushort",
    };
}
