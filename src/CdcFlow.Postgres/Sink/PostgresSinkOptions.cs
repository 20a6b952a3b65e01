using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>One sink's settings: its attribute with the configuration laid over it.</summary>
internal sealed record PostgresSinkOptions(
    string Name, TableId Table, PostgresSinkMode Mode, RemovalMode Deletes, RemovalMode Truncates, bool CreateTable, OnError OnError)
{
    /// <summary>Whether others may write into the table too. Appended changes say themselves which table they are of.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether it removes rows from its table.</summary>
    public bool RemovesRows => Mode == PostgresSinkMode.Upsert && (Deletes == RemovalMode.Apply || Truncates == RemovalMode.Apply);

    private bool RemovesAll => Mode == PostgresSinkMode.Upsert && Truncates == RemovalMode.Apply;

    /// <summary>The settings that decide what its table has.</summary>
    public IReadOnlyDictionary<string, string> Content => new Dictionary<string, string>
    {
        [nameof(Table)] = Table.ToString(),
        [nameof(Mode)] = Mode.ToString(),
        [nameof(Deletes)] = Deletes.ToString(),
        [nameof(Truncates)] = Truncates.ToString(),
    };

    public static PostgresSinkOptions Resolve(PostgresSinkAttribute attribute, string name, RowSchema schema, ConnectorSettings settings)
    {
        var options = new PostgresSinkOptions(
            name,
            new TableId(
                SinkSql.Checked("schema", settings.GetString(nameof(PostgresSinkAttribute.Schema), attribute.Schema)!),
                SinkSql.Checked("table", settings.GetString(nameof(PostgresSinkAttribute.Table), attribute.Table) ?? schema.TableName)),
            settings.GetEnum(nameof(PostgresSinkAttribute.Mode), attribute.Mode),
            settings.GetEnum(nameof(PostgresSinkAttribute.Deletes), attribute.Deletes),
            settings.GetEnum(nameof(PostgresSinkAttribute.Truncates), attribute.Truncates),
            settings.GetBoolean(nameof(PostgresSinkAttribute.CreateTable), attribute.CreateTable),
            settings.GetEnum(nameof(PostgresSinkAttribute.OnError), attribute.OnError));
        var isShared = settings.GetBoolean(nameof(SinkAttribute.Shared), attribute.Shared);
        if (options.Mode != PostgresSinkMode.Append && schema.KeyColumns.Count == 0)
        {
            throw PostgresSinkErrors.NoKey(name, schema.RowType);
        }

        // A truncate of one source's table would take away the rows that others have put there.
        return options.RemovesAll && isShared
            ? throw PostgresSinkErrors.SharedTruncates(settings.Path, name)
            : options with { IsShared = isShared || options.Mode == PostgresSinkMode.Append };
    }
}

/// <summary>The settings that all sinks of a connection share.</summary>
internal sealed record PostgresSinkConnectionOptions(string MarkerSchema, int LockTimeoutSeconds)
{
    /// <summary>The settings by their properties' names.</summary>
    public IReadOnlyDictionary<string, string> Named => new Dictionary<string, string>
    {
        [nameof(MarkerSchema)] = MarkerSchema,
        [nameof(LockTimeoutSeconds)] = LockTimeoutSeconds.ToString(CultureInfo.InvariantCulture),
    };

    public static PostgresSinkConnectionOptions Resolve(PostgresSinkAttribute attribute, ConnectorSettings settings) => new(
        SinkSql.Checked("schema", settings.GetString(nameof(PostgresSinkAttribute.MarkerSchema), attribute.MarkerSchema)!),
        settings.GetInt32(nameof(PostgresSinkAttribute.LockTimeoutSeconds), attribute.LockTimeoutSeconds, min: 1, max: 3600));
}
