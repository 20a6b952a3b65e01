using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Makes the model of a row type: which properties are columns, and how a row is made of them.</summary>
internal static class RowModelBuilder
{
    /// <param name="row">The row type.</param>
    /// <param name="hasCodec">Whether a source or sink carries it.</param>
    /// <param name="used">The properties that the pipeline may look at; null for all.</param>
    public static RowModel Build(RowType row, bool hasCodec, ISet<string>? used)
    {
        var type = row.Type;
        var columns = row.Columns
            .Select(column => Column(column, row, used?.Contains(column.Name) != false))
            .OrderBy(column => Position(column, row.Constructor))
            .ToEquatableArray();
        var table = type.Attribute(KnownNames.Table);
        var hidden = row.Constructor is null || row.IsConstructorAccessible ? null : HiddenMembers.Constructor(row.Constructor);
        return new RowModel(
            new TypeRef(type.FullName(), type.ShortName()), table?.FirstText() ?? type.Name, table?.Named("Schema")?.Value as string, columns, hasCodec, hidden);
    }

    private static ColumnModel Column(IPropertySymbol property, RowType row, bool isUsed)
    {
        var named = RowProperty.Attribute(property, KnownNames.Column);
        var argument = Argument(property, row.Constructor);
        var name = named?.FirstText();
        return new ColumnModel(
            property.Name, argument, property.IsRequired, name ?? property.Name, name is not null, named?.Named("TypeName")?.Value as string,
            row.IsKey(property), property.Type.TakesNull(), property.Type.WithoutNull().IsValueType, isUsed, Value(property),
            argument is null ? HiddenMembers.Setter(property, row) : null);
    }

    private static ValueModel Value(IPropertySymbol property)
    {
        if (RowProperty.Converter(property) is { } converter)
        {
            var name = converter.FullName();
            return Plain((RowProperty.ConvertedColumn(converter) ?? property.Type).WithoutNull()) with
            {
                Conversion = new Conversion($"{name}.FromColumn", $"{name}.ToColumn", TakesPlace: false),
            };
        }

        var type = property.Type.WithoutNull();
        return StoredForm.Of(type, property.Type.TakesNull()) ?? Plain(type);
    }

    private static ValueModel Plain(ITypeSymbol type)
    {
        var isEnum = type.TypeKind == TypeKind.Enum;
        return new ValueModel(
            new TypeRef(type.FullName(), type.ShortName()), isEnum ? null : ColumnTypes.Getter(type), isEnum || ColumnTypes.HasOperator(type),
            isEnum ? Enum((INamedTypeSymbol)type) : null, null, ColumnTypes.RefusesNullInside(type));
    }

    private static EnumModel Enum(INamedTypeSymbol type) => new(
        new TypeRef(type.FullName(), type.ShortName()),
        EnumMembers.Of(type).Select(member => new EnumMember(member.Name, member.Label ?? member.Name, member.Label is not null, member.Number)).ToEquatableArray());

    private static string? Argument(IPropertySymbol property, IMethodSymbol? constructor) =>
        constructor?.Parameters.FirstOrDefault(parameter => RowProperty.Sets(parameter, property))?.Name;

    // Stable sort: the constructor's columns in its order, then the others as they are declared.
    private static int Position(ColumnModel column, IMethodSymbol? constructor) =>
        constructor?.Parameters.FirstOrDefault(parameter => parameter.Name == column.Argument)?.Ordinal ?? int.MaxValue;
}
