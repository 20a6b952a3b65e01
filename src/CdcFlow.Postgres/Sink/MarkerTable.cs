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
    private const string StoreColumn = "store_id";

    private readonly TableId id = new(schema, Name);
    private readonly string table = SinkSql.Quoted(new TableId(schema, Name));

    private readonly OwnTable own = new(
        new TableId(schema, Name),
        string.Join(", ", [
            "pipeline text PRIMARY KEY", "epoch bigint NOT NULL", "checkpoint_epoch bigint", "checkpoint_id bigint", "committed_at timestamptz",
            "session_pid integer", "session_start timestamptz", $"{StoreColumn} text", $"{WrittenTables.Column} text"]),
        ["SELECT", "INSERT", "UPDATE"],
        "checkpoint table")
    { LaterColumns = [StoreColumn, WrittenTables.Column] };

    private readonly WrittenTables written = new(SinkSql.Quoted(new TableId(schema, Name)), pipeline);

    private string opener = "";

    /// <summary>The statement by which a person brings the marker back to a checkpoint.</summary>
    public string RestoreSql(CheckpointRef checkpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE {table} SET checkpoint_epoch = {checkpoint.Epoch.Value}, checkpoint_id = {checkpoint.Id.Value} WHERE pipeline = '{pipeline.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>Finds out whether the table is there, or can be made, and can be written, changing nothing.</summary>
    public ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken) => own.CheckAsync(session, cancellationToken);

    public ValueTask EnsureAsync(SinkSession session, CancellationToken cancellationToken) => own.EnsureAsync(session, cancellationToken);

    /// <summary>Takes the sink over for an epoch and reads the marker, in one statement: whoever commits later is fenced, and
    /// a commit under way is waited for.</summary>
    /// <remarks>The session of the instance before is ended first: its process may be paused or its network gone, and its locks would hold up
    /// everything for as long. Its transaction is then decided, one way or the other. A pooler may have given that session to another program meanwhile, which
    /// bears another name. Of a sink that another store owns nothing is touched.</remarks>
    /// <param name="session">The session that writes from now on.</param>
    /// <param name="open">The instance.</param>
    /// <param name="isAgain">Whether the instance has had the sink, in a session that broke, so that it is refused where somebody has opened the sink since: a copy of the store may
    /// have the same epochs, and its commit must not be taken for the own one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<CheckpointRef?> FenceAsync(SinkSession session, SinkOpenContext open, bool isAgain, CancellationToken cancellationToken)
    {
        object[] parameters = [pipeline, open.Epoch.Value, open.Store.ToString(), open.Replaces?.ToString() ?? ""];
        await session.ExecuteAsync(EndSessionSql, cancellationToken, parameters);
        var marker = await session.QueryAsync(
            $"""
            INSERT INTO {table} AS held (pipeline, epoch, store_id, session_pid, session_start)
            SELECT $1, $2, $3, pid, backend_start FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()
            ON CONFLICT (pipeline) DO UPDATE SET epoch = EXCLUDED.epoch, store_id = EXCLUDED.store_id, session_pid = EXCLUDED.session_pid, session_start = EXCLUDED.session_start
            WHERE held.epoch <= EXCLUDED.epoch AND {AdmitsSql("held")} AND ($5 IN ('', {OpenerSql("held")}) OR held.epoch < EXCLUDED.epoch)
            RETURNING checkpoint_epoch, checkpoint_id, {OpenerSql("held")}
            """,
            reader => (Checkpoint: Marker(reader), Opener: reader.GetString(2)), cancellationToken, [.. parameters, isAgain ? opener : ""]);
        opener = marker.Count == 1 ? marker[0].Opener : opener;
        return marker.Count == 1 ? marker[0].Checkpoint : throw PostgresSinkErrors.FencedBy(pipeline, open.Epoch, await HolderAsync(session, cancellationToken));
    }

    /// <summary>Says that the session is this instance's no longer: a pooler may give it to others.</summary>
    public async ValueTask LeaveAsync(SinkSession session, Epoch epoch, CancellationToken cancellationToken) => await session.ExecuteAsync(
        $"UPDATE {table} SET session_pid = NULL, session_start = NULL WHERE pipeline = $1 AND epoch = $2 AND session_pid = pg_catalog.pg_backend_pid()",
        cancellationToken, pipeline, epoch.Value);

    /// <summary>Moves the marker on inside the open transaction. Only the session that has opened the sink last can: of two copies of one store the epochs, and the numbers of their
    /// checkpoints, may be equal.</summary>
    /// <exception cref="CdcFlowException">Another instance has taken over.</exception>
    public async ValueTask AdvanceAsync(SinkSession session, StoreId store, CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        var moved = await session.ExecuteAsync(
            $"""
            UPDATE {table} SET checkpoint_epoch = $2, checkpoint_id = $3, committed_at = pg_catalog.now()
            WHERE pipeline = $1 AND epoch = $2 AND {StoreColumn} = $4 AND session_pid = pg_catalog.pg_backend_pid() AND (checkpoint_id IS NULL OR checkpoint_id < $3)
            """,
            cancellationToken, pipeline, checkpoint.Epoch.Value, checkpoint.Id.Value, store.ToString());
        if (moved != 1)
        {
            throw PostgresSinkErrors.FencedBy(pipeline, checkpoint.Epoch, await HolderAsync(session, cancellationToken));
        }
    }

    /// <summary>The checkpoint that was committed last.</summary>
    public async ValueTask<CheckpointRef?> ReadAsync(SinkSession session, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT checkpoint_epoch, checkpoint_id FROM {table} WHERE pipeline = $1", Marker, cancellationToken, pipeline)).FirstOrDefault();

    /// <summary>The whole marker, read without changing or waiting for anything; null also where the table is not there, or may not be read. The table may be that of
    /// version 0.1.</summary>
    public async ValueTask<SinkMarker?> FindAsync(SinkSession session, CancellationToken cancellationToken) =>
        !await MayReadAsync(session, cancellationToken) ? null
        : (await session.QueryAsync(
            $"""
            SELECT m.checkpoint_epoch, m.checkpoint_id, m.epoch, pg_catalog.to_jsonb(m) ->> '{StoreColumn}', m.committed_at, a.pid, pg_catalog.host(a.client_addr), a.backend_start
            FROM {table} m LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = m.session_pid AND a.backend_start = m.session_start WHERE m.pipeline = $1
            """,
            Whole, cancellationToken, pipeline)).FirstOrDefault();

    /// <summary>Keeps which tables the pipeline writes, and stops where another one writes them too.</summary>
    /// <exception cref="CdcFlowException"><see cref="PostgresSinkErrors.TableOfOther"/>.</exception>
    public async ValueTask KeepTablesAsync(SinkSession session, IReadOnlyList<PostgresSinkOptions> sinks, CancellationToken cancellationToken)
    {
        // Of two that start at the same time, the later one reads what the other has kept.
        await written.KeepAsync(session, sinks, cancellationToken);
        if (await written.CheckAsync(session, sinks, cancellationToken) is [var other, ..])
        {
            // What is refused must not be in the way of the other's next start.
            await written.KeepAsync(session, [], cancellationToken);
            throw new CdcFlowException(other.Code!, other.Sentence, other.Fix);
        }
    }

    /// <summary>Finds out whether another pipeline writes the same tables, changing nothing; no answer where the markers may not be read.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckTablesAsync(SinkSession session, IReadOnlyList<PostgresSinkOptions> sinks, CancellationToken cancellationToken) =>
        await MayReadAsync(session, cancellationToken) ? await written.CheckAsync(session, sinks, cancellationToken) : [];

    /// <summary>The pipeline's row; the table itself may be others' too.</summary>
    public async ValueTask<PipelineTrace> TraceAsync(SinkSession session, TraceScope scope, InSession removing, CancellationToken cancellationToken)
    {
        var found = await FindAsync(session, cancellationToken);
        if (found is not null)
        {
            await own.RequireDeleteAsync(session, cancellationToken);
        }

        return new PipelineTrace($"marker of '{pipeline}' in {table}", found is null ? TraceState.Gone : TraceState.Present)
        {
            Detail = found?.Checkpoint is { } checkpoint ? $"which names checkpoint {checkpoint}" : null,
            RemoveAsync = token => removing(session => RemoveAsync(session, scope.Store, token), token),
        };
    }

    /// <summary>Another store may have taken the sink over since it was asked whose it is. What a paused instance has open is ended first: it may hold the row.</summary>
    private async ValueTask<int> RemoveAsync(SinkSession session, StoreId? store, CancellationToken cancellationToken)
    {
        await own.EnsureAsync(session, cancellationToken);
        object[] parameters = [pipeline, long.MaxValue, store?.ToString() ?? "", ""];
        await session.ExecuteAsync(EndSessionSql, cancellationToken, parameters);
        var removed = await session.ExecuteAsync($"DELETE FROM {table} m WHERE m.pipeline = $1 AND m.epoch <= $2 AND {AdmitsSql("m")}", cancellationToken, parameters);
        return removed == 0 && await HolderAsync(session, cancellationToken) is { } holder ? throw PostgresSinkErrors.OtherOwner(pipeline, holder) : removed;
    }

    private async ValueTask<bool> MayReadAsync(SinkSession session, CancellationToken cancellationToken) =>
        await own.FindAsync(session, cancellationToken) is { } found && found.GrantSql(id, "SELECT").Length == 0;

    private string EndSessionSql =>
        $"""
        SELECT pg_catalog.pg_terminate_backend(a.pid) FROM {table} m JOIN pg_catalog.pg_stat_activity a ON a.pid = m.session_pid AND a.backend_start = m.session_start
        WHERE m.pipeline = $1 AND m.epoch <= $2 AND {AdmitsSql("m")} AND a.usename = current_user AND a.pid <> pg_catalog.pg_backend_pid()
            AND a.application_name = pg_catalog.current_setting('application_name')
        """;

    // The session that opened the sink last; its process number alone may come again.
    private static string OpenerSql(string row) => $"pg_catalog.concat({row}.session_pid, ' ', EXTRACT(epoch FROM {row}.session_start))";

    private static string AdmitsSql(string row) => $"({row}.{StoreColumn} IS NULL OR {row}.{StoreColumn} IN ($3, $4))";

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
