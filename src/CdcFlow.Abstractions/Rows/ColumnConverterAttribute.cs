namespace CdcFlow.Rows;

/// <summary>Reads and writes a property through a converter, for types that no database column maps to directly.</summary>
/// <typeparam name="TConverter">A type that implements <see cref="IColumnConverter{TColumn, TProperty}"/> once.</typeparam>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ColumnConverterAttribute<TConverter> : Attribute;
