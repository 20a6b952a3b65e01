using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>The schemas of flat Avro records.</summary>
internal static class FlatAvroSchemas
{
    private const string OperationField = "op";
    private const string MetadataField = "_cdc";

    /// <summary>The fields that every value has beside its columns.</summary>
    public static IReadOnlyList<string> OwnFields { get; } = [OperationField, MetadataField];

    /// <summary>The schema of keys.</summary>
    /// <param name="rows">The row type.</param>
    /// <param name="options">Names.</param>
    /// <param name="prefix">What schema names begin with: the topic.</param>
    public static AvroSchema Key(RowSchema rows, RecordOptions options, string prefix) =>
        new(AvroType.Record) { Name = prefix + ".Key", Fields = AvroColumns.OfFlatKey(rows, options.Naming).Fields };

    /// <summary>The schema of values.</summary>
    /// <inheritdoc cref="Key" path="/param"/>
    public static AvroSchema Value(RowSchema rows, RecordOptions options, string prefix) => new(AvroType.Record)
    {
        Name = prefix + ".Value",
        Fields = [new(OperationField, text), .. AvroColumns.OfFlat(rows, options.Naming).Fields, new(MetadataField, Metadata(prefix))],
    };

    private static readonly AvroSchema text = new(AvroType.String);

    private static readonly AvroSchema number = new(AvroType.Int);

    private static AvroSchema Metadata(string prefix) => new(AvroType.Record)
    {
        Name = prefix + ".Metadata",
        Fields =
        [
            new("source", text), new("schema", text), new("table", text),
            new("transaction_id", text with { IsNullable = true }),
            new("committed_at", new(AvroType.Long) { LogicalType = "timestamp-micros" }),
            new("transaction", text), new("event", number), new("row", number),
            new("unchanged", new(AvroType.Array) { Items = text }),
            new("not_carried", new(AvroType.Array) { Items = text, IsNullable = true }), // null by default: records of before had none
        ],
    };
}
