using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Makes the model of a row type: which properties are columns, and how a row is made of them.</summary>
internal static class RowModelBuilder
{
    /// <param name="type">The row type.</param>
    /// <param name="hasCodec">Whether a source or sink carries it.</param>
    /// <param name="used">The properties that the pipeline may look at; null for all.</param>
    public static RowModel Build(ITypeSymbol type, bool hasCodec, ISet<string>? used)
    {
        var constructor = RowType.Constructor(type);
        var columns = RowType.Columns(type, constructor)
            .Select(column => Column(column, Argument(column, constructor), used?.Contains(column.Name) != false))
            .OrderBy(column => Position(column, constructor))
            .ToEquatableArray();
        var table = type.Attribute(KnownNames.Table);
        return new RowModel(
            new TypeRef(type.FullName(), type.ShortName()), table?.FirstText() ?? type.Name, table?.Named("Schema")?.Value as string, columns, hasCodec);
    }

    private static ColumnModel Column(IPropertySymbol property, string? argument, bool isUsed)
    {
        var named = RowType.ColumnAttribute(property, KnownNames.Column);
        var name = named?.FirstText();
        return new ColumnModel(
            property.Name, argument, property.IsRequired, name ?? property.Name, name is not null, named?.Named("TypeName")?.Value as string,
            RowType.IsKey(property), property.Type.TakesNull(), property.Type.WithoutNull().IsValueType, isUsed, Value(property));
    }

    private static ValueModel Value(IPropertySymbol property)
    {
        var converter = RowType.Converter(property);
        var type = (RowType.ConvertedColumn(converter) ?? property.Type).WithoutNull();
        var isEnum = type.TypeKind == TypeKind.Enum;
        return new ValueModel(
            new TypeRef(type.FullName(), type.ShortName()), isEnum ? null : ColumnTypes.Getter(type), isEnum || ColumnTypes.HasOperator(type),
            isEnum ? Enum((INamedTypeSymbol)type) : null, converter?.FullName());
    }

    private static EnumModel Enum(INamedTypeSymbol type)
    {
        var members = type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)
            .GroupBy(field => field.ConstantValue)
            .Select(group => group.First().Name);
        return new EnumModel(new TypeRef(type.FullName(), type.ShortName()), members.ToEquatableArray());
    }

    private static string? Argument(IPropertySymbol property, IMethodSymbol? constructor) =>
        constructor?.Parameters.FirstOrDefault(parameter => RowType.Sets(parameter, property))?.Name;

    // Stable sort: the constructor's columns in its order, then the others as they are declared.
    private static int Position(ColumnModel column, IMethodSymbol? constructor) =>
        constructor?.Parameters.FirstOrDefault(parameter => parameter.Name == column.Argument)?.Ordinal ?? int.MaxValue;
}
