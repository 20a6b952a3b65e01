using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>The table in which the sink keeps, for each pipeline, the epoch that may write and the checkpoint that was committed last.</summary>
/// <remarks>The row is changed by the transaction that holds the checkpoint's writes: both take effect or neither does.</remarks>
internal sealed class MarkerTable(string schema, string pipeline)
{
    private const string Name = "cdcflow_checkpoint";
    private const string CheckName = "checkpoint table";

    private static readonly string[] needed = ["SELECT", "INSERT", "UPDATE"];

    private readonly TableId id = new(schema, Name);
    private readonly string table = SinkSql.Quoted(new TableId(schema, Name));

    /// <summary>The statement that makes the table.</summary>
    public string CreateSql => $"CREATE TABLE IF NOT EXISTS {table} ({string.Join(", ", [
        "pipeline text PRIMARY KEY", "epoch bigint NOT NULL", "checkpoint_epoch bigint", "checkpoint_id bigint", "committed_at timestamptz",
        "session_pid integer", "session_start timestamptz"])})";

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
            return problems.Count > 0 ? problems : [new PreflightCheck(CheckName, PreflightStatus.Passed, "It exists.")];
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

    /// <summary>Takes the sink over for <paramref name="epoch"/> and reads the marker, in one statement: whoever commits later is fenced, and
    /// a commit under way is waited for.</summary>
    /// <remarks>The session of the instance before is ended first: its process may be paused or its network gone, and its locks would hold up
    /// everything for as long. Its transaction is then decided, one way or the other. A pooler may have given that session to another program meanwhile, which
    /// bears another name.</remarks>
    public async ValueTask<CheckpointRef?> FenceAsync(SinkSession session, Epoch epoch, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"""
            SELECT pg_catalog.pg_terminate_backend(a.pid) FROM {table} m JOIN pg_catalog.pg_stat_activity a ON a.pid = m.session_pid AND a.backend_start = m.session_start
            WHERE m.pipeline = $1 AND m.epoch <= $2 AND a.usename = current_user AND a.pid <> pg_catalog.pg_backend_pid()
                AND a.application_name = pg_catalog.current_setting('application_name')
            """,
            cancellationToken, pipeline, epoch.Value);
        var marker = await session.QueryAsync(
            $"""
            INSERT INTO {table} AS held (pipeline, epoch, session_pid, session_start)
            SELECT $1, $2, pid, backend_start FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()
            ON CONFLICT (pipeline) DO UPDATE SET epoch = EXCLUDED.epoch, session_pid = EXCLUDED.session_pid, session_start = EXCLUDED.session_start
            WHERE held.epoch <= EXCLUDED.epoch
            RETURNING checkpoint_epoch, checkpoint_id
            """,
            Marker, cancellationToken, pipeline, epoch.Value);
        return marker.Count == 1 ? marker[0] : throw PostgresSinkErrors.FencedBy(pipeline, epoch, await HolderAsync(session, cancellationToken));
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

    /// <summary>The checkpoint that was committed last; null also where the table is not there, or may not be read.</summary>
    public async ValueTask<CheckpointRef?> FindAsync(SinkSession session, CancellationToken cancellationToken) =>
        await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found && found.GrantSql(id, "SELECT").Length == 0
            ? await ReadAsync(session, cancellationToken) : null;

    private IEnumerable<PreflightCheck> Problems(TargetTable found)
    {
        var grantSql = found.GrantSql(id, needed);
        return
        [
            .. found.Hazards.Problems(id, found.Role, []).Select(hazard => Failed(hazard.Code, hazard.Sentence, hazard.Resolution)),
            .. grantSql.Length == 0 ? Array.Empty<PreflightCheck>()
                : [Failed(PostgresSinkErrors.PrivilegeMissing, $"The role lacks rights on {table} or its schema.", grantSql.TrimEnd())],
        ];
    }

    private static PreflightCheck Failed(string code, string sentence, string resolution) => new(CheckName, PreflightStatus.Failed, sentence, code, resolution);

    private async ValueTask<Epoch?> HolderAsync(SinkSession session, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT epoch FROM {table} WHERE pipeline = $1", reader => (Epoch?)new Epoch(reader.GetInt64(0)), cancellationToken, pipeline)).FirstOrDefault();

    private static CheckpointRef? Marker(NpgsqlDataReader reader) =>
        reader.IsDBNull(1) ? null : new CheckpointRef(new Epoch(reader.GetInt64(0)), new CheckpointId(reader.GetInt64(1)));
}
