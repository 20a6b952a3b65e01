using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Replay.Tests;

/// <summary>What one case plays on: a source database, a schema for the sink's tables, and folders for checkpoints and files. Gone after the case.</summary>
internal sealed class Stage(PostgresServer server, string name) : IAsyncDisposable
{
    private const string OwnSessions = "stage";

    private static readonly JsonSerializerOptions asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cdcflow-replay-");
    private readonly NpgsqlDataSource source = Sessions(server, name);
    private readonly NpgsqlDataSource sink = Sessions(server, ReplayServer.SinkDatabase);
    private string? beside;

    /// <summary>Of the source database, the sink's schema, and the slot.</summary>
    internal string Name => name;

    internal PostgresServer Server => server;

    /// <summary>Where the pipeline's connections lead, and what makes its slot and tables this case's own.</summary>
    internal Dictionary<string, string?> Configuration(string pipeline, IEnumerable<string> sinks)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["ConnectionStrings:source"] = server.SocketConnectionString(PostgresRole.Superuser, name),
            ["ConnectionStrings:sink"] = $"{server.SocketConnectionString(PostgresRole.Superuser, ReplayServer.SinkDatabase)};Application Name={name};Pooling=false",
            ["ConnectionStrings:files"] = Files,
            [$"CdcFlow:{pipeline}:Checkpoint:Store"] = StoreNamed("checkpoints"),
            [$"CdcFlow:{pipeline}:Checkpoint:Interval"] = "01:00:00",
            [$"CdcFlow:{pipeline}:Restart:RestartsMax"] = "0",
            [$"CdcFlow:{pipeline}:Sources:source:Slot"] = name,
        };
        foreach (var (at, sinkName) in sinks.Index())
        {
            configuration[$"CdcFlow:{pipeline}:Sinks:{sinkName}:Schema"] = name;
            if (at == 0)
            {
                configuration[$"CdcFlow:{pipeline}:Sinks:{sinkName}:MarkerSchema"] = name; // the connection's, read from its first sink
            }
        }

        return configuration;
    }

    /// <summary>A second way to the server: to a database of its own, or to the source's.</summary>
    /// <param name="create">What is in it; null for the source's.</param>
    internal async Task<string> ConnectionToAsync(string? create)
    {
        if (create is null)
        {
            return server.SocketConnectionString(PostgresRole.Superuser, name);
        }

        beside = $"{name}_beside";
        await server.ExecuteAsync($"CREATE DATABASE {beside}", "postgres", TestContext.Current.CancellationToken);
        await server.ExecuteAsync(create, beside, TestContext.Current.CancellationToken);
        return server.SocketConnectionString(PostgresRole.Superuser, beside);
    }

    /// <summary>The folder of checkpoints is lost.</summary>
    internal void LoseStore() => Directory.Delete(StoreNamed("checkpoints"), recursive: true);

    /// <summary>A folder for checkpoints beside the usual one, <c>checkpoints</c>.</summary>
    internal string StoreNamed(string store) => Path.Combine(folder.FullName, store);

    /// <summary>Copies the folder of checkpoints as it stands.</summary>
    internal void CopyStore(string to)
    {
        Directory.CreateDirectory(StoreNamed(to));
        foreach (var file in Directory.GetFiles(StoreNamed("checkpoints")).Where(file => !file.EndsWith(".alive", StringComparison.Ordinal))) // locked by who runs
        {
            File.Copy(file, Path.Combine(StoreNamed(to), Path.GetFileName(file)));
        }
    }

    /// <summary>The folder of the file sinks.</summary>
    internal string Files => Path.Combine(folder.FullName, "files");

    internal Task SourceAsync(string sql) => ExecuteAsync(source, sql);

    internal Task SinkAsync(string sql) => ExecuteAsync(sink, $"SET search_path = {name}, public; {sql}");

    internal Task<IReadOnlyList<string?[]>> QueryAsync(string sql) => QueryAsync(source, sql);

    /// <summary>A session of the source's that stays open, for transactions that do.</summary>
    internal async Task<NpgsqlConnection> OpenAsync() => await source.OpenConnectionAsync(TestContext.Current.CancellationToken);

    /// <summary>A session of the sink's schema that stays open.</summary>
    internal async Task<NpgsqlConnection> OpenSinkAsync()
    {
        var session = await sink.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SET search_path = {name}, public", session);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return session;
    }

    /// <summary>Ends every session that the pipeline has at the source and at the sink, as the server sees the pipeline's sudden death.</summary>
    internal Task CutAsync() => server.ExecuteAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE (datname = '{name}' OR application_name = '{name}') AND application_name <> '{OwnSessions}'",
        "postgres",
        TestContext.Current.CancellationToken);

    /// <summary>Returns when the server has noticed that nobody reads the slots any more.</summary>
    internal async Task SlotsAreFreeAsync()
    {
        while ((await server.QueryAsync($"SELECT FROM pg_replication_slots WHERE database IN ('{name}', '{beside}') AND active", "postgres")).Count > 0)
        {
        }
    }

    /// <summary>The rows of a sink's table, and the same columns of a table of the source, each as sorted lines of the server's own text.</summary>
    internal async Task<(IReadOnlyList<string> Sink, IReadOnlyList<string> Source)> BothAsync(string sinkTable, string sourceTable)
    {
        var names = await QueryAsync(
            sink,
            $"""
            SELECT quote_ident(attname) FROM pg_attribute
            WHERE attrelid = to_regclass('{name}.{sinkTable}') AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """);
        if (names.Count == 0)
        {
            return ([], [$"(there is no table {sinkTable} in the sink)"]);
        }

        var columns = string.Join(", ", names.Select(row => row[0]));
        return (Lines(await QueryAsync(sink, $"SELECT {columns} FROM {name}.{sinkTable}")), Lines(await QueryAsync(source, $"SELECT {columns} FROM {sourceTable}")));
    }

    /// <summary>Every line of a file sink in its order, without the metadata.</summary>
    internal async Task<IReadOnlyList<string>> JournalAsync(string sink)
    {
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(Files, sink), "*.jsonl").Order(StringComparer.Ordinal))
        {
            lines.AddRange(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
        }

        return [.. lines.Select(WithoutMetadata)];
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await sink.DisposeAsync();
        foreach (var database in new[] { name, beside }.OfType<string>())
        {
            await server.ExecuteAsync($"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{database}' AND active", "postgres");
            await SlotsAreFreeAsync();
            await server.ExecuteAsync($"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{database}'", "postgres");
            await server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)", "postgres");
        }

        folder.Delete(recursive: true);
    }

    private static NpgsqlDataSource Sessions(PostgresServer server, string database) =>
        NpgsqlDataSource.Create($"{server.SocketConnectionString(PostgresRole.Superuser, database)};Application Name={OwnSessions};Max Auto Prepare=0");

    private static async Task ExecuteAsync(NpgsqlDataSource sessions, string sql)
    {
        await using var command = sessions.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<string?[]>> QueryAsync(NpgsqlDataSource sessions, string sql)
    {
        await using var session = await sessions.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, session) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? null : reader.GetString(at))]);
        }

        return rows;
    }

    private static string[] Lines(IReadOnlyList<string?[]> rows) =>
        [.. rows.Select(row => string.Join(" | ", row.Select(value => value ?? "NULL"))).Order(StringComparer.Ordinal)];

    private static string WithoutMetadata(string line)
    {
        var change = JsonNode.Parse(line)!.AsObject();
        change.Remove("_cdc");
        return change.ToJsonString(asWritten);
    }
}
