using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>A row type's columns as fields of a record: how values are written, and what stands for those that are not there.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class AvroColumns
{
    private readonly AvroColumn[] columns;

    private AvroColumns(string rowType, IReadOnlyList<string> names, AvroColumn[] columns, IReadOnlyList<int> fields)
    {
        this.columns = columns;
        Fields = [.. fields.Select(index => new AvroField(AvroNames.Of(names[index]), columns[index].Schema))];
        FieldNames.RefuseTaken(rowType, Fields.Select(field => field.Name), []);
    }

    private AvroColumns(AvroColumn item)
    {
        columns = [item];
        Fields = [];
    }

    /// <summary>The record's fields.</summary>
    public IReadOnlyList<AvroField> Fields { get; }

    public int Count => columns.Length;

    public AvroColumn this[int column] => columns[column];

    /// <summary>All columns of a flat record. Each takes null: a delete has only its key, a truncate nothing.</summary>
    public static AvroColumns OfFlat(RowSchema rows, FieldNaming naming) =>
        Of(rows, naming, column => new AvroColumn(FlatAvroTypes.Of(column).OrNull()));

    /// <summary>The columns of a flat record's key.</summary>
    public static AvroColumns OfFlatKey(RowSchema rows, FieldNaming naming) => OfKey(rows, naming, column => new AvroColumn(FlatAvroTypes.Of(column), isAlwaysThere: true));

    /// <summary>All columns of a Debezium row image.</summary>
    public static AvroColumns OfDebezium(RowSchema rows, FieldNaming naming, DebeziumOptions options) =>
        Of(rows, naming, column => new AvroColumn(DebeziumTypes.Of(column, options), options.Unchanged));

    /// <summary>The columns of a Debezium record's key.</summary>
    public static AvroColumns OfDebeziumKey(RowSchema rows, FieldNaming naming, DebeziumOptions options) =>
        OfKey(rows, naming, column => new AvroColumn(AvroColumnType.Of(DebeziumTypes.Of(column, options)), isAlwaysThere: true));

    /// <summary>A single column without a name: the items of an array.</summary>
    public static AvroColumns OfItems(AvroColumnType item) => new(new AvroColumn(item, isAlwaysThere: true));

    private static AvroColumns Of(RowSchema rows, FieldNaming naming, Func<ColumnDescriptor, AvroColumn> columnOf) =>
        new(rows.RowType, NamesOf(rows, naming), [.. rows.Columns.Select(columnOf)], [.. Enumerable.Range(0, rows.Columns.Count)]);

    private static AvroColumns OfKey(RowSchema rows, FieldNaming naming, Func<ColumnDescriptor, AvroColumn> columnOf) =>
        new(rows.RowType, NamesOf(rows, naming), [.. rows.Columns.Select(columnOf)], rows.KeyColumns);

    private static string[] NamesOf(RowSchema rows, FieldNaming naming) => [.. rows.Columns.Select(column => FieldNames.Of(column, naming))];
}
