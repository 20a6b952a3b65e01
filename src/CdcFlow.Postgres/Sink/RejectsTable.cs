using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>The table in which a connection's sinks keep changes that were set aside, in the transaction that holds the rows around them.</summary>
/// <param name="schema">The marker's schema.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="session">The open session.</param>
internal sealed class RejectsTable(string schema, string pipeline, Func<SinkSession> session)
{
    private const string Name = "cdcflow_rejects";

    private readonly string table = SinkSql.Quoted(new TableId(schema, Name));
    private readonly OwnTable own = new(
        new TableId(schema, Name),
        string.Join(", ", [
            "id text PRIMARY KEY", "pipeline text NOT NULL", "sink text NOT NULL", "node text NOT NULL", "source text NOT NULL", "source_table text NOT NULL",
            "source_offset text NOT NULL", "committed_at timestamptz NOT NULL", "operation text NOT NULL", "key text", "leaves_old_row boolean NOT NULL",
            "code text NOT NULL", "cause text NOT NULL", "message text", "evidence text", "rejected_at timestamptz NOT NULL DEFAULT pg_catalog.now()"]),
        ["SELECT", "INSERT"],
        "table of rejects");

    private bool isRequired;

    /// <summary>Counts what the sinks reject themselves.</summary>
    public IRejectCount Count { get; private set; } = IRejectCount.None;

    /// <summary>It is needed.</summary>
    public void Require() => isRequired = true;

    /// <summary>Finds out whether it can be used, if it is needed.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession probe, CancellationToken cancellationToken) =>
        isRequired ? await own.CheckAsync(probe, cancellationToken) : [];

    /// <summary>Makes it if it is needed.</summary>
    /// <param name="opened">The session.</param>
    /// <param name="count">Counts what the sinks reject themselves.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ValueTask OpenAsync(SinkSession opened, IRejectCount count, CancellationToken cancellationToken)
    {
        Count = count;
        return isRequired ? own.EnsureAsync(opened, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Adds a change that a sink lacks to the open transaction, which it begins if there is none.</summary>
    public async ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken)
    {
        var metadata = rejected.Metadata;
        await session().BeginAsync(cancellationToken);
        await session().ExecuteAsync(
            $"""
            INSERT INTO {table} (id, pipeline, sink, node, source, source_table, source_offset, committed_at, operation, key, leaves_old_row, code, cause, message, evidence)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO NOTHING
            """,
            cancellationToken, IdOf(sink, rejected), pipeline, sink, rejected.Node, metadata.Source, metadata.Table.ToString(), metadata.Offset.ToString(),
            metadata.CommittedAt.ToUniversalTime(), rejected.Operation.ToString(), OrNull(rejected.Key), rejected.LeavesOldRow, rejected.Code, rejected.Cause,
            OrNull(rejected.Message), OrNull(rejected.Row));
    }

    /// <summary>Reads the newest of the pipeline's, where the table is there.</summary>
    public async ValueTask<IReadOnlyList<StoredReject>> ListAsync(SinkSession reading, int max, CancellationToken cancellationToken) =>
        await own.FindAsync(reading, cancellationToken) is null ? [] : await reading.QueryAsync(
            $"""
            SELECT sink, node, source, source_table, source_offset, committed_at, operation, key, leaves_old_row, code, cause, message, evidence
            FROM {table} WHERE pipeline = $1 ORDER BY rejected_at DESC, committed_at DESC, id LIMIT $2
            """,
            Read, cancellationToken, pipeline, max);

    /// <summary>How many are the pipeline's.</summary>
    public async ValueTask<long?> CountAsync(SinkSession reading, CancellationToken cancellationToken) =>
        await own.FindAsync(reading, cancellationToken) is null ? 0 : (await reading.QueryAsync(
            $"SELECT count(*) FROM {table} WHERE pipeline = $1", row => row.GetInt64(0), cancellationToken, pipeline))[0];

    /// <summary>The pipeline's rows, which stay unless they are asked for.</summary>
    public async ValueTask<PipelineTrace> TraceAsync(SinkSession session, TraceScope scope, InSession removing, CancellationToken cancellationToken)
    {
        var count = await CountAsync(session, cancellationToken);
        if (scope.Rejects && count > 0)
        {
            await own.RequireDeleteAsync(session, cancellationToken);
        }

        return new PipelineTrace($"rejected changes in {table}", count == 0 ? TraceState.Gone : scope.Rejects ? TraceState.Present : TraceState.Kept)
        {
            Detail = count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} of them{(scope.Rejects ? "" : "; `reset --rejects` takes them too")}"),
            RemoveAsync = token => removing(session => session.ExecuteAsync($"DELETE FROM {table} WHERE pipeline = $1", token, pipeline), token),
        };
    }

    private static StoredReject Read(NpgsqlDataReader row) => new()
    {
        Sink = row.GetString(0),
        Node = row.GetString(1),
        Source = row.GetString(2),
        Table = row.GetString(3),
        Offset = row.GetString(4),
        CommittedAt = new DateTimeOffset(row.GetDateTime(5), TimeSpan.Zero),
        Operation = row.GetString(6),
        Key = TextOrNull(row, 7),
        LeavesOldRow = row.GetBoolean(8),
        Code = row.GetString(9),
        Cause = row.GetString(10),
        Message = TextOrNull(row, 11),
        Evidence = TextOrNull(row, 12),
    };

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static object OrNull(string? text) => (object?)text ?? DBNull.Value;

    /// <summary>The same for the same change, whoever comes upon it again: after --restore-from, a change is kept once.</summary>
    /// <remarks>Of changes without key and row nothing says which are the same: rows of a snapshot may have one offset.</remarks>
    private string IdOf(string sink, RejectedChange rejected)
    {
        if (rejected is { Key: null, Row: null })
        {
            return Guid.NewGuid().ToString("N");
        }

        string?[] parts = [pipeline, sink, rejected.Node, rejected.Metadata.Source, rejected.Metadata.Table.ToString(), rejected.Metadata.Offset.ToString(), rejected.Key, rejected.Row];
        var text = string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
