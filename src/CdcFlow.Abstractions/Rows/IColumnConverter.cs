namespace CdcFlow.Rows;

/// <summary>Turns a column's value into a property's and back; named by <see cref="ColumnConverterAttribute{TConverter}"/>.</summary>
/// <typeparam name="TColumn">A type that connectors read and write.</typeparam>
/// <typeparam name="TProperty">The property's type.</typeparam>
/// <remarks>Both directions must be pure: a replay after a crash must give the same value.</remarks>
public interface IColumnConverter<TColumn, TProperty>
{
    /// <summary>The property's value for a column's value; never called for NULL.</summary>
    static abstract TProperty FromColumn(TColumn value);

    /// <summary>The column's value for a property's value; never called for null.</summary>
    static abstract TColumn ToColumn(TProperty value);
}
