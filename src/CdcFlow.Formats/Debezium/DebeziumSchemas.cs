using System.Text.RegularExpressions;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Envelope;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium;

/// <summary>The schemas of Debezium's records: what is embedded in JSON, and what schemas of a registry are derived from.</summary>
public static partial class DebeziumSchemas
{
    /// <summary>The kind of source whose own members the <c>source</c> of a registered schema has: a schema is registered before the first change says where it
    /// comes from.</summary>
    internal const string RegisteredConnector = SourceBlock.Postgres;

    /// <summary>The schema of a row type's keys; null for a keyless one.</summary>
    /// <param name="rows">The row type.</param>
    /// <param name="options">Names and modes.</param>
    /// <param name="origin">The source and table that the schema is named after.</param>
    public static ConnectSchema? Key(RowSchema rows, RecordOptions options, ChangeOrigin origin) =>
        rows.KeyColumns.Count == 0 ? null : Key(new DebeziumColumns(rows, options.Naming, options.Debezium), Prefix(options, origin));

    /// <summary>The schema of a row type's values: the envelope.</summary>
    /// <inheritdoc cref="Key(RowSchema, RecordOptions, ChangeOrigin)" path="/param"/>
    public static ConnectSchema Value(RowSchema rows, RecordOptions options, ChangeOrigin origin) =>
        Value(new DebeziumColumns(rows, options.Naming, options.Debezium), options.Debezium.Shape, Prefix(options, origin), origin.Table.Connector);

    internal static ConnectSchema Key(DebeziumColumns columns, string prefix) =>
        new(ConnectType.Struct) { Name = prefix + ".Key", Fields = columns.KeyFields };

    internal static ConnectSchema Value(DebeziumColumns columns, DebeziumShape shape, string prefix, string connector)
    {
        var image = new ConnectSchema(ConnectType.Struct) { Name = prefix + ".Value", IsOptional = true, Fields = columns.Fields };
        return new(ConnectType.Struct)
        {
            Name = prefix + ".Envelope",
            Version = shape == DebeziumShape.Debezium19 ? null : 2,
            Fields = [new("before", image), new("after", image), .. EnvelopeParts.FieldsOf(shape, connector)],
        };
    }

    /// <summary>Debezium's logical server name.</summary>
    internal static string ServerName(RecordOptions options, ChangeOrigin origin) => options.ServerName ?? origin.Table.Source;

    /// <summary>What all schema names of a table begin with: server, namespace and table, as its topic would be named.</summary>
    internal static string Prefix(RecordOptions options, ChangeOrigin origin) =>
        NotInTopics().Replace($"{ServerName(options, origin)}.{origin.Table.Id}", "_");

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotInTopics();
}
