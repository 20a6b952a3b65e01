namespace CdcFlow.Rows;

/// <summary>One column of a row type.</summary>
/// <param name="Name">The database column's name: <c>[Column("…")]</c>, or the property's name where none is given.</param>
/// <param name="Property">The C# property's name.</param>
/// <param name="ClrType">The property's type, without <see cref="Nullable{T}"/>; for a converted property, the converter's column type.</param>
/// <param name="IsNullable">Whether the property takes null.</param>
/// <param name="IsKey">Whether the property has <c>[Key]</c>.</param>
/// <param name="TypeName">The database type of <c>[Column(TypeName = "…")]</c>, or null.</param>
/// <param name="IsNameExplicit">Whether <paramref name="Name"/> was given; a name taken from the property also matches
/// the database's snake_case spelling and any case.</param>
public sealed record ColumnDescriptor(
    string Name, string Property, Type ClrType, bool IsNullable, bool IsKey, string? TypeName = null, bool IsNameExplicit = false)
{
    /// <summary>Of an enum, its members, by which a sink tells what a label is in its own table; empty where the codec does not say.</summary>
    public IReadOnlyList<EnumValue> EnumValues { get; init; } = [];
}
