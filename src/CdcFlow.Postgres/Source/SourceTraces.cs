using CdcFlow.Capture.Loop;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>What a pipeline has made at its source: the slot, and the publication where that is its own.</summary>
/// <param name="connect">Opens a session.</param>
/// <param name="options">Which slot and publication.</param>
/// <param name="own">The checkpoint store whose pipeline it is; null: one that was never used, which has made nothing.</param>
internal sealed class SourceTraces(Func<CancellationToken, PostgresConnection> connect, PostgresSourceOptions options, StoreId? own)
{
    /// <summary>Finds them. The slot comes first: without it no start goes on from a checkpoint.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="slots">Waits until nobody streams the slot.</param>
    /// <exception cref="CdcFlowException">CDCF4045: somebody streams the slot.</exception>
    internal IReadOnlyList<PipelineTrace> Find(PostgresConnection connection, SlotControl slots) => [Slot(connection, slots), Publication(connection)];

    private PipelineTrace Slot(PostgresConnection connection, SlotControl slots)
    {
        var title = $"replication slot '{options.Slot}'";
        if (SlotState.Find(connection, options.Slot) is null)
        {
            return new PipelineTrace(title, TraceState.Gone);
        }

        // Asked before it is waited for: what another pipeline streams is none of a reset's business.
        if (WhyOthers(connection) is { } others)
        {
            return new PipelineTrace(title, TraceState.Kept) { Detail = others };
        }

        if (slots.WaitUntilFree() is not { } slot)
        {
            return new PipelineTrace(title, TraceState.Gone);
        }

        return slot.WhyForeign(connection.Query("SELECT current_database()").Scalar!) is { } reason
            ? new PipelineTrace(title, TraceState.Kept) { Detail = $"it {reason}, so it is not this pipeline's" }
            : new PipelineTrace(title, TraceState.Present)
            {
                Detail = $"with the log that it holds since {slot.Confirmed}",
                RemoveAsync = token => QueryAsync(
                    $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = {SqlText.Literal(options.Slot)}", token),
            };
    }

    private PipelineTrace Publication(PostgresConnection connection)
    {
        var title = $"publication '{options.Publication}'";
        var dropSql = $"DROP PUBLICATION {SqlText.Identifier(options.Publication)}";
        return connection.Query($"SELECT pg_has_role(pubowner, 'USAGE') FROM pg_publication WHERE pubname = {SqlText.Literal(options.Publication)}").Rows is not [[var mayAlter]]
            ? new PipelineTrace(title, TraceState.Gone)
            : PublicationMark.Read(connection, options.Publication, options.Slot) is not { IsOurs: true } ? Kept("this pipeline did not make it")
            : WhyOthers(connection) is { } others ? Kept(others)
            : mayAlter != "t" ? Kept("the role does not own it")
            : new PipelineTrace(title, TraceState.Present)
            {
                Detail = "which the pipeline made",
                RemoveAsync = token => QueryAsync($"DROP PUBLICATION IF EXISTS {SqlText.Identifier(options.Publication)}", token),
            };

        PipelineTrace Kept(string reason) => new(title, TraceState.Kept) { Detail = $"{reason}; its owner takes it away by {dropSql};" };
    }

    /// <summary>Why slot and publication are not this store's; null where they are, or where nobody can tell.</summary>
    private string? WhyOthers(PostgresConnection connection) => PublicationMark.Read(connection, options.Publication, options.Slot)?.Store is { } owner && owner != own
        ? $"it belongs to checkpoint store {owner}, as the comment of publication '{options.Publication}' says{(own is { } store ? $", and this one is {store}" : ", and this one was never used")}"
        : own is null ? "this checkpoint store was never used, so it has made none" : null;

    // Whose it is may have changed since it was found: a person was asked meanwhile.
    private async ValueTask QueryAsync(string sql, CancellationToken cancellationToken) => await SourceThread.RunAsync("reset", () =>
    {
        using var connection = connect(cancellationToken);
        return WhyOthers(connection) is not { } others ? connection.Query(sql) : throw new CdcFlowException(
            PostgresSourceErrorCodes.SlotOwned, $"The slot '{options.Slot}' is not taken away: {others}.", "Run `reset` again: it says what is whose.");
    });
}
