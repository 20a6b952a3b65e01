using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Simulation;
using Npgsql;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A database, read by a session of its own.</summary>
internal sealed class PostgresSinkTarget(TestDatabase database, PostgresSinkMode mode) : ISinkTarget
{
    private readonly PostgresSinkAttribute attribute = new("warehouse") { Mode = mode, MarkerSchema = "public" };

    public ISinkConnection Connect() => attribute.CreateConnection(Context(database.ConnectionString));

    public SinkAttribute Sink(string name) => new PostgresSinkAttribute("warehouse") { Name = name, Table = name, Mode = mode };

    public async ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken)
    {
        await using var source = new NpgsqlSlimDataSourceBuilder(database.Server.SocketConnectionString(CdcFlow.TestServers.PostgresRole.Superuser, database.Name) + ";Pooling=false")
            .EnableArrays().Build();
        var names = schema.Columns.Select(TableDefinition.NameOf).ToList();
        var extra = mode == PostgresSinkMode.Append ? ", cdc_op, cdc_unchanged, cdc_not_carried" : "";
        var order = mode == PostgresSinkMode.Append ? " ORDER BY cdc_transaction, cdc_event, cdc_row" : "";
        await using var command = source.CreateCommand($"SELECT {SinkSql.List(names)}{extra} FROM {SqlText.Identifier(sink)}{order}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            Apply(reader, schema, rows);
        }

        return [.. rows.Values];
    }

    public async ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken) =>
        mode == PostgresSinkMode.Append ? long.Parse((await database.QueryAsync($"SELECT count(*) FROM {SqlText.Identifier(sink)}"))[0][0]!) : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static ConnectorContext Context(string connectionString, ConnectorSettings? settings = null) => new(
        SinkConformance.Pipeline, "warehouse", connectionString, settings ?? ConnectorSettings.None, TimeProvider.System,
        new SimulatedFileSystem(new SimulatedDisk()), new NoLog());

    private void Apply(NpgsqlDataReader reader, RowSchema schema, Dictionary<string, object?[]> rows)
    {
        var count = schema.Columns.Count;
        var values = Enumerable.Range(0, count).Select(index => reader.IsDBNull(index) ? null : Value(reader, index, schema.Columns[index].ClrType)).ToArray();
        var key = string.Join("|", schema.KeyColumns.Select(index => values[index]));
        if (mode == PostgresSinkMode.Upsert)
        {
            rows.Add(key, values);
            return;
        }

        var operation = reader.GetString(count);
        string[] missing = [.. Names(reader, count + 1), .. Names(reader, count + 2)];
        if (operation == "t")
        {
            rows.Clear();
        }
        else if (operation == "d")
        {
            rows.Remove(key);
        }
        else
        {
            var before = rows.GetValueOrDefault(key);
            rows[key] = [.. values.Select((value, index) => missing.Contains(reader.GetName(index)) ? before?[index] : value)];
        }
    }

    private static string[] Names(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<string[]>(column);

    private static object Value(NpgsqlDataReader reader, int index, Type type) =>
        type == typeof(DateOnly) ? reader.GetFieldValue<DateOnly>(index)
        : type == typeof(TimeOnly) ? reader.GetFieldValue<TimeOnly>(index)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(reader.GetDateTime(index), TimeSpan.Zero)
        : type == typeof(TimeSpan) ? reader.GetFieldValue<TimeSpan>(index)
        : reader.GetValue(index);

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
