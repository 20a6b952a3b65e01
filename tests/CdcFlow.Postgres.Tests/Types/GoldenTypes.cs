using System.Globalization;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Tests.Types;

/// <summary>
/// The table golden.types on a real server: every built-in type with ordinary, edge and NULL values, the same values in rows 1–4 (there
/// before the slot) and 11–14 (in the log).
/// </summary>
internal sealed class GoldenTypes
{
    internal const string Table = "golden.types";

    private static readonly SemaphoreSlim once = new(1);
    private static bool exists;

    internal required PostgresServer Server { get; init; }

    internal static async Task<GoldenTypes> OnAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        await once.WaitAsync(cancellationToken);
        try
        {
            if (!exists)
            {
                using var sql = new StreamReader(typeof(GoldenTypes).Assembly.GetManifestResourceStream("golden-schema.sql")!);
                await server.ExecuteAsync(await sql.ReadToEndAsync(cancellationToken), cancellationToken: cancellationToken);
                await server.ExecuteAsync("SELECT pg_create_logical_replication_slot('golden', 'pgoutput')", cancellationToken: cancellationToken);
                await server.ExecuteAsync("SELECT golden.fill(10)", cancellationToken: cancellationToken);
                exists = true;
            }
        }
        finally
        {
            once.Release();
        }

        return new GoldenTypes { Server = server };
    }

    internal PostgresConnection Connect(CancellationToken cancellationToken) => PostgresConnection.Open(
        PostgresConnectionSettings.Parse(Server.ConnectionString(PostgresRole.Cdc)), SessionKind.Sql, cancellationToken);

    /// <summary>The table's columns by its catalog.</summary>
    internal static IReadOnlyList<ServerColumn> Columns(PostgresConnection connection, PostgresTypeCatalog catalog)
    {
        var rows = connection.Query(
            $"SELECT attname, atttypid FROM pg_attribute WHERE attrelid = '{Table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum").Rows;
        var oids = rows.Select(row => uint.Parse(row[1]!, CultureInfo.InvariantCulture)).ToArray();
        catalog.Load(connection, oids);
        return [.. rows.Select((row, i) => new ServerColumn(row[0]!, catalog[oids[i]]))];
    }

    /// <summary>Rows 1–4 through COPY.</summary>
    internal static List<object?[]> Snapshot(PostgresConnection connection, ColumnBinding binding)
    {
        var rows = new List<object?[]>();
        var copy = connection.CopyOut($"COPY (SELECT {binding.SelectList} FROM {Table} WHERE id < 10 ORDER BY id) TO STDOUT (FORMAT binary)");
        while (copy.Read(out var row))
        {
            rows.Add(ObjectRow.Read(new PostgresRowReader(row, binding)));
        }

        return rows;
    }

    /// <summary>Rows 11–14 from the log.</summary>
    internal List<object?[]> Log(PostgresConnection connection, PostgresTypeCatalog catalog, RowSchema schema, CancellationToken cancellationToken)
    {
        var handler = new RowsOfLog(relation =>
        {
            catalog.Load(connection, relation.Columns.Select(column => column.TypeOid));
            var columns = relation.Columns.Select(column => new ServerColumn(column.Name, catalog[column.TypeOid])).ToArray();
            return ColumnBinding.ForLog(schema, Table, columns);
        });
        var slot = $"golden_{Guid.NewGuid():N}"; // a copy: the slot of the reader before is held until the server has seen it go
        Server.ExecuteAsync($"SELECT pg_copy_logical_replication_slot('golden', '{slot}')", cancellationToken: cancellationToken).Wait(cancellationToken);
        using var session = PostgresConnection.Open(
            PostgresConnectionSettings.Parse(Server.ConnectionString(PostgresRole.Cdc)), SessionKind.Replication, cancellationToken);
        using var stream = ReplicationStream.Start(session, new ReplicationOptions(slot, ["golden"], default, session.ServerVersion), TimeProvider.System);
        using var streamed = new StreamedTransactions(1 << 20, () => new MemoryStream());
        var decoder = new PgOutputDecoder(handler, streamed);
        while (handler.Commits == 0 || handler.Rows.Count == 0) // a transaction of a server process may come first, which has none
        {
            if (stream.TryRead(out var message) && !message.IsKeepalive)
            {
                decoder.Decode(message.WalStart, message.Data);
            }
        }

        return handler.Rows;
    }

    private sealed class RowsOfLog(Func<Relation, ColumnBinding> bind) : IPgOutputHandler
    {
        private ColumnBinding? binding;

        internal List<object?[]> Rows { get; } = [];

        internal int Commits { get; private set; }

        public void Begin(BeginMessage begin)
        {
        }

        public void Insert(Relation relation, Lsn at, TupleData row) => Rows.Add(ObjectRow.Read(new PostgresRowReader(row, binding ??= bind(relation))));

        public void Update(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old, TupleData row)
        {
        }

        public void Delete(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old)
        {
        }

        public void Truncate(ReadOnlySpan<Relation> relations, Lsn at, TruncateOptions options)
        {
        }

        public void Message(LogicalMessage message)
        {
        }

        public void Commit(CommitMessage commit) => Commits++;
    }
}
