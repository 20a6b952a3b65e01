using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>The table in which the sink keeps, for each pipeline, the epoch that may write and the checkpoint that was committed last.</summary>
/// <remarks>The row is changed by the transaction that holds the checkpoint's writes: both take effect or neither does.</remarks>
internal sealed class MarkerTable(string schema, string pipeline)
{
    private const string Name = "cdcflow_checkpoint";
    private const string CheckName = "checkpoint table";

    private const string StoreColumn = "store_id";

    private static readonly string[] needed = ["SELECT", "INSERT", "UPDATE"];

    private readonly TableId id = new(schema, Name);
    private readonly string table = SinkSql.Quoted(new TableId(schema, Name));

    /// <summary>The statement that makes the table.</summary>
    public string CreateSql => $"CREATE TABLE IF NOT EXISTS {table} ({string.Join(", ", [
        "pipeline text PRIMARY KEY", "epoch bigint NOT NULL", "checkpoint_epoch bigint", "checkpoint_id bigint", "committed_at timestamptz",
        "session_pid integer", "session_start timestamptz", $"{StoreColumn} text"])})";

    // The table of version 0.1 has no such column.
    private string AddStoreSql => $"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {StoreColumn} text";

    /// <summary>The statement by which a person brings the marker back to a checkpoint.</summary>
    public string RestoreSql(CheckpointRef checkpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE {table} SET checkpoint_epoch = {checkpoint.Epoch.Value}, checkpoint_id = {checkpoint.Id.Value} WHERE pipeline = '{pipeline.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>Finds out whether the table is there, or can be made, and can be written, changing nothing.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found)
        {
            IReadOnlyList<PreflightCheck> problems = [.. Problems(found)];
            return problems.Count > 0 ? problems
                : HasStore(found) || await IsOwnAsync(session, cancellationToken) ? [new PreflightCheck(CheckName, PreflightStatus.Passed, "It exists.")]
                : [StoreMissing()];
        }

        var (exists, mayCreate) = await TargetCatalog.SchemaAsync(session, schema, cancellationToken);
        var name = SinkSql.Quoted(schema);
        return [exists && mayCreate
            ? new PreflightCheck(CheckName, PreflightStatus.Passed, "It will be created.")
            : Failed(
                exists ? PostgresSinkErrors.PrivilegeMissing : PostgresSinkErrors.TableMissing,
                $"{table} does not exist, and the role cannot create it in schema {name}.",
                $"CREATE SCHEMA IF NOT EXISTS {name}; {CreateSql}; GRANT USAGE ON SCHEMA {name} TO {session.Role}; GRANT {string.Join(", ", needed)} ON {table} TO {session.Role}; or set MarkerSchema.")];
    }

    public async ValueTask EnsureAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found)
        {
            if (Problems(found).FirstOrDefault() is { } problem)
            {
                throw new CdcFlowException(problem.Code!, problem.Sentence, problem.Fix);
            }

            if (!HasStore(found))
            {
                await AddStoreAsync(session, cancellationToken);
            }

            return;
        }

        try
        {
            await session.ExecuteAsync(CreateSql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
        {
            // Another instance made it at the same moment; IF NOT EXISTS does not cover that.
        }
    }

    /// <summary>Takes the sink over for an epoch and reads the marker, in one statement: whoever commits later is fenced, and
    /// a commit under way is waited for.</summary>
    /// <remarks>The session of the instance before is ended first: its process may be paused or its network gone, and its locks would hold up
    /// everything for as long. Its transaction is then decided, one way or the other. A pooler may have given that session to another program meanwhile, which
    /// bears another name. Of a sink that another store owns nothing is touched.</remarks>
    public async ValueTask<CheckpointRef?> FenceAsync(SinkSession session, SinkOpenContext open, CancellationToken cancellationToken)
    {
        object[] parameters = [pipeline, open.Epoch.Value, open.Store.ToString(), open.Replaces?.ToString() ?? ""];
        await session.ExecuteAsync(
            $"""
            SELECT pg_catalog.pg_terminate_backend(a.pid) FROM {table} m JOIN pg_catalog.pg_stat_activity a ON a.pid = m.session_pid AND a.backend_start = m.session_start
            WHERE m.pipeline = $1 AND m.epoch <= $2 AND {AdmitsSql("m")} AND a.usename = current_user AND a.pid <> pg_catalog.pg_backend_pid()
                AND a.application_name = pg_catalog.current_setting('application_name')
            """,
            cancellationToken, parameters);
        var marker = await session.QueryAsync(
            $"""
            INSERT INTO {table} AS held (pipeline, epoch, store_id, session_pid, session_start)
            SELECT $1, $2, $3, pid, backend_start FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()
            ON CONFLICT (pipeline) DO UPDATE SET epoch = EXCLUDED.epoch, store_id = EXCLUDED.store_id, session_pid = EXCLUDED.session_pid, session_start = EXCLUDED.session_start
            WHERE held.epoch <= EXCLUDED.epoch AND {AdmitsSql("held")}
            RETURNING checkpoint_epoch, checkpoint_id
            """,
            Marker, cancellationToken, parameters);
        return marker.Count == 1 ? marker[0] : throw PostgresSinkErrors.FencedBy(pipeline, open.Epoch, await HolderAsync(session, cancellationToken));
    }

    /// <summary>Says that the session is this instance's no longer: a pooler may give it to others.</summary>
    public async ValueTask LeaveAsync(SinkSession session, Epoch epoch, CancellationToken cancellationToken) => await session.ExecuteAsync(
        $"UPDATE {table} SET session_pid = NULL, session_start = NULL WHERE pipeline = $1 AND epoch = $2 AND session_pid = pg_catalog.pg_backend_pid()",
        cancellationToken, pipeline, epoch.Value);

    /// <summary>Moves the marker on inside the open transaction.</summary>
    /// <exception cref="CdcFlowException">A newer instance has taken over.</exception>
    /// <returns>Whether it moved; false when it stands there already.</returns>
    public async ValueTask<bool> AdvanceAsync(SinkSession session, CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        var moved = await session.ExecuteAsync(
            $"""
            UPDATE {table} SET checkpoint_epoch = $2, checkpoint_id = $3, committed_at = pg_catalog.now()
            WHERE pipeline = $1 AND epoch = $2 AND (checkpoint_id IS NULL OR checkpoint_id < $3)
            """,
            cancellationToken, pipeline, checkpoint.Epoch.Value, checkpoint.Id.Value);
        return moved == 1 || (await ReadAsync(session, cancellationToken) == checkpoint
            ? false
            : throw PostgresSinkErrors.FencedBy(pipeline, checkpoint.Epoch, await HolderAsync(session, cancellationToken)));
    }

    /// <summary>The checkpoint that was committed last.</summary>
    public async ValueTask<CheckpointRef?> ReadAsync(SinkSession session, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT checkpoint_epoch, checkpoint_id FROM {table} WHERE pipeline = $1", Marker, cancellationToken, pipeline)).FirstOrDefault();

    /// <summary>The whole marker, read without changing or waiting for anything; null also where the table is not there, or may not be read. The table may be that of
    /// version 0.1.</summary>
    public async ValueTask<SinkMarker?> FindAsync(SinkSession session, CancellationToken cancellationToken) =>
        await TargetCatalog.ReadAsync(session, id, cancellationToken) is not { } found || found.GrantSql(id, "SELECT").Length > 0 ? null
        : (await session.QueryAsync(
            $"""
            SELECT m.checkpoint_epoch, m.checkpoint_id, m.epoch, pg_catalog.to_jsonb(m) ->> '{StoreColumn}', m.committed_at, a.pid, pg_catalog.host(a.client_addr), a.backend_start
            FROM {table} m LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = m.session_pid AND a.backend_start = m.session_start WHERE m.pipeline = $1
            """,
            Whole, cancellationToken, pipeline)).FirstOrDefault();

    private IEnumerable<PreflightCheck> Problems(TargetTable found)
    {
        // Whoever grants owns the table of version 0.1, and the role does not: one visit does for both.
        var grantSql = found.GrantSql(id, needed);
        var fix = HasStore(found) ? grantSql.TrimEnd() : $"{grantSql.TrimEnd()} {AddStoreSql};";
        return
        [
            .. found.Hazards.Problems(id, found.Role, []).Select(hazard => Failed(hazard.Code, hazard.Sentence, hazard.Resolution)),
            .. grantSql.Length == 0 ? Array.Empty<PreflightCheck>()
                : [Failed(PostgresSinkErrors.PrivilegeMissing, $"The role lacks rights on {table} or its schema.", fix)],
        ];
    }

    private static bool HasStore(TargetTable found) => found.Columns.Any(column => column.Name == StoreColumn);

    private static string AdmitsSql(string row) => $"({row}.{StoreColumn} IS NULL OR {row}.{StoreColumn} IN ($3, $4))";

    private async ValueTask AddStoreAsync(SinkSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(AddStoreSql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var missing = StoreMissing();
            throw new CdcFlowException(missing.Code!, missing.Sentence, missing.Fix, inner: error);
        }
    }

    private async ValueTask<bool> IsOwnAsync(SinkSession session, CancellationToken cancellationToken) => (await session.QueryAsync(
        "SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2",
        reader => reader.GetBoolean(0), cancellationToken, id.Schema, id.Name)).FirstOrDefault();

    private PreflightCheck StoreMissing() => Failed(
        PostgresSinkErrors.PrivilegeMissing, $"{table} was made for version 0.1 and has no column {StoreColumn}, and the role, which does not own it, cannot add one.", $"{AddStoreSql};");

    private static PreflightCheck Failed(string code, string sentence, string resolution) => new(CheckName, PreflightStatus.Failed, sentence, code, resolution);

    private async ValueTask<Epoch?> HolderAsync(SinkSession session, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT epoch FROM {table} WHERE pipeline = $1", reader => (Epoch?)new Epoch(reader.GetInt64(0)), cancellationToken, pipeline)).FirstOrDefault();

    private static SinkMarker Whole(NpgsqlDataReader reader) => new(
        StoreId.Parse(reader.IsDBNull(3) ? null : reader.GetString(3)), new Epoch(reader.GetInt64(2)), Marker(reader))
    {
        WrittenAt = reader.IsDBNull(4) ? null : new DateTimeOffset(reader.GetDateTime(4)),
        Holder = reader.IsDBNull(5) ? null : string.Create(
            CultureInfo.InvariantCulture, $"session {reader.GetInt32(5)}{(reader.IsDBNull(6) ? "" : $" from {reader.GetString(6)}")}, open since {reader.GetDateTime(7):u}"),
    };

    private static CheckpointRef? Marker(NpgsqlDataReader reader) =>
        reader.IsDBNull(1) ? null : new CheckpointRef(new Epoch(reader.GetInt64(0)), new CheckpointId(reader.GetInt64(1)));
}
