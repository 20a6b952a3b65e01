using System.Text.RegularExpressions;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium;

/// <summary>The schemas of Debezium's records: what is embedded in JSON, and what schemas of a registry are derived from.</summary>
public static partial class DebeziumSchemas
{
    private static readonly ConnectSchema optionalLong = new(ConnectType.Int64) { IsOptional = true };

    private static readonly ConnectSchema transaction = new(ConnectType.Struct)
    {
        IsOptional = true,
        Fields = [new("id", new(ConnectType.String)), new("total_order", new(ConnectType.Int64)), new("data_collection_order", new(ConnectType.Int64))],
    };

    private static readonly ConnectSchema namedTransaction = transaction with { Name = "event.block", Version = 1 };

    /// <summary>The schema of a row type's keys; null for a keyless one.</summary>
    /// <param name="rows">The row type.</param>
    /// <param name="options">Names and modes.</param>
    /// <param name="origin">The source and table that the schema is named after.</param>
    public static ConnectSchema? Key(RowSchema rows, RecordOptions options, ChangeOrigin origin) =>
        rows.KeyColumns.Count == 0 ? null : Key(new DebeziumColumns(rows, options.Naming, options.Debezium), Prefix(options, origin));

    /// <summary>The schema of a row type's values: the envelope.</summary>
    /// <inheritdoc cref="Key(RowSchema, RecordOptions, ChangeOrigin)" path="/param"/>
    public static ConnectSchema Value(RowSchema rows, RecordOptions options, ChangeOrigin origin) =>
        Value(new DebeziumColumns(rows, options.Naming, options.Debezium), options.Debezium.Shape, Prefix(options, origin), origin.Connector);

    internal static ConnectSchema Key(DebeziumColumns columns, string prefix) =>
        new(ConnectType.Struct) { Name = prefix + ".Key", Fields = columns.KeyFields };

    internal static ConnectSchema Value(DebeziumColumns columns, DebeziumShape shape, string prefix, string connector)
    {
        var image = new ConnectSchema(ConnectType.Struct) { Name = prefix + ".Value", IsOptional = true, Fields = columns.Fields };
        var isOlder = shape == DebeziumShape.Debezium19;
        ConnectField before = new("before", image), after = new("after", image), source = new("source", SourceBlock.SchemaOf(shape, connector));
        ConnectField operation = new("op", new(ConnectType.String)), milliseconds = new("ts_ms", optionalLong);
        return new(ConnectType.Struct)
        {
            Name = prefix + ".Envelope",
            Version = isOlder ? null : 2,
            Fields = isOlder
                ? [before, after, source, operation, milliseconds, new("transaction", transaction)]
                : [before, after, source, new("transaction", namedTransaction), operation, milliseconds, new("ts_us", optionalLong), new("ts_ns", optionalLong)],
        };
    }

    /// <summary>Debezium's logical server name.</summary>
    internal static string ServerName(RecordOptions options, ChangeOrigin origin) => options.ServerName ?? origin.Source;

    /// <summary>What all schema names of a table begin with: server, namespace and table, as its topic would be named.</summary>
    internal static string Prefix(RecordOptions options, ChangeOrigin origin) =>
        NotInTopics().Replace($"{ServerName(options, origin)}.{origin.Table}", "_");

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotInTopics();
}
