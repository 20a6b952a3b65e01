using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>Makes one checkpoint after the other, each whole including its commits, until the sources have ended and all they gave is committed.</summary>
/// <remarks>A loop; what it decides by is pure (<see cref="CdcFlow.Checkpointing.Protocol"/>) or a count.</remarks>
internal sealed class CheckpointCoordinator(
    FlowGraph graph, AttemptScope scope, ICheckpointStore store, ICheckpointLease lease, CheckpointLine line,
    CheckpointRequests requests, PipelineOptions options, TimeProvider time, Action<CheckpointReport> report)
{
    private readonly Wakeup wakeup = new();
    private readonly SideFileCleaning sideFiles = new(store, lease);
    private int abortedInARow;

    /// <summary>The oldest commit among what the sources gave since the last committed checkpoint.</summary>
    private DateTimeOffset? oldestCommit;

    private bool SourcesHaveEnded => graph.Sources.All(source => source.HasEnded);

    /// <summary>Runs until the final checkpoint is committed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        requests.Tell(wakeup.Set);
        var isFinal = false;
        while (!isFinal)
        {
            await TriggerAsync(cancellationToken);

            // Asked before the barriers are sent: what the sources gave is then all before them.
            var allEnded = SourcesHaveEnded;
            isFinal = await ServeAsync(allEnded, cancellationToken) && allEnded;
        }
    }

    /// <summary>A source has ended.</summary>
    public void OnSourceEnded() => wakeup.Set();

    /// <summary>Waits until the interval is over, somebody asks, or the last source has ended.</summary>
    private async Task TriggerAsync(CancellationToken cancellationToken)
    {
        var isDue = false;
        using var timer = time.CreateTimer(_ => WakeWhenDue(), null, options.CheckpointInterval, Timeout.InfiniteTimeSpan);
        while (!Volatile.Read(ref isDue) && !requests.Any && !SourcesHaveEnded)
        {
            await wakeup.WaitAsync(cancellationToken);
        }

        void WakeWhenDue()
        {
            Volatile.Write(ref isDue, true);
            wakeup.Set();
        }
    }

    /// <summary>Makes one checkpoint and answers those who asked for it.</summary>
    private async Task<bool> ServeAsync(bool isLast, CancellationToken cancellationToken)
    {
        var waiting = requests.TakeAll();
        scope.InFlight.Enter();
        try
        {
            var ended = await CheckpointAsync(isLast, cancellationToken);
            var committed = ended.Outcome == CheckpointOutcome.Committed;
            abortedInARow = committed ? 0 : abortedInARow + 1;
            var aborted = CheckpointErrors.Aborted(ended.Checkpoint, options.CheckpointTimeout);
            waiting.ForEach(request => _ = committed ? request.TrySetResult(ended.Checkpoint) : request.TrySetException(aborted));
            report(ended);
            return abortedInARow < options.AbortedCheckpointsMax
                ? committed
                : throw CheckpointErrors.AbortedTooOften(abortedInARow, options.CheckpointTimeout);
        }
        catch (OperationCanceledException)
        {
            // The fault that cancelled us is the answer; it is set before the cancellation.
            var cause = scope.FirstFault ?? new OperationCanceledException("The pipeline has ended.");
            waiting.ForEach(request => request.TrySetException(cause));
            throw;
        }
        catch (Exception exception)
        {
            waiting.ForEach(request => request.TrySetException(exception));
            throw;
        }
        finally
        {
            scope.InFlight.Leave();
        }
    }

    private async Task<CheckpointReport> CheckpointAsync(bool isLast, CancellationToken cancellationToken)
    {
        var (started, clock) = (time.GetUtcNow(), time.GetTimestamp());
        var meeting = new CheckpointMeeting(line.Next(lease.Epoch), isLast, graph.Sources.Count, graph.States.Count, graph.Sinks.Count);
        graph.Sources.ForEach(source => source.Cut(meeting));
        var isComplete = await GatherAsync(meeting, cancellationToken);
        var alignment = time.GetElapsedTime(clock);
        oldestCommit ??= meeting.OldestCommit;
        if (!isComplete)
        {
            return new CheckpointReport(meeting.Checkpoint, CheckpointOutcome.Aborted, started, alignment, time.GetElapsedTime(clock), 0);
        }

        var (bytes, delay) = await CommitAsync(meeting, isLast, cancellationToken);
        oldestCommit = null;
        return new CheckpointReport(meeting.Checkpoint, CheckpointOutcome.Committed, started, alignment, time.GetElapsedTime(clock), bytes)
        {
            DeliveryDelay = delay,
        };
    }

    /// <summary>Waits until everyone has acknowledged; gives up after the timeout.</summary>
    private async Task<bool> GatherAsync(CheckpointMeeting meeting, CancellationToken cancellationToken)
    {
        using var timer = time.CreateTimer(_ => meeting.GiveUp(), null, options.CheckpointTimeout, Timeout.InfiniteTimeSpan);
        return await meeting.GatherAsync(cancellationToken);
    }

    /// <summary>The order that exactly-once rests on: state durable, decision, remaining commits, confirmation. Each step's type is the proof of the last.</summary>
    /// <remarks>It cannot be given up as gathering can: once a sink may have committed, only its marker tells. So running out of time is a fault.</remarks>
    private async Task<(long Bytes, TimeSpan? DeliveryDelay)> CommitAsync(CheckpointMeeting meeting, bool isLast, CancellationToken cancellationToken)
    {
        using var deadline = time.CreateTimer(_ => TimeOut(meeting), null, options.CheckpointTimeout, Timeout.InfiniteTimeSpan);
        var pending = line.Pending(meeting, graph.States, graph.Sinks);
        var prepared = await pending.PrepareAsync(lease, time.GetUtcNow(), cancellationToken);
        var decided = await prepared.DecideAsync(meeting.CommitAsync, cancellationToken);
        var durable = await decided.CommitAsync(meeting.CommitAsync, cancellationToken);
        var delay = time.GetUtcNow() - oldestCommit;
        if (isLast || line.LastCommitted is null)
        {
            // No later manifest may ever tell of this commit.
            await decided.NoteCommittedAsync(lease, durable, cancellationToken);
        }

        line.Committed(decided.Manifest);
        await ConfirmAsync(meeting, durable, cancellationToken);
        await ForgetAsync(decided.Manifest, durable, cancellationToken);
        return (CheckpointLine.StateBytes(decided.Manifest), delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
    }

    /// <summary>Deletes what no start would go on from any more: checkpoints first, then what only they named.</summary>
    private async ValueTask ForgetAsync(CheckpointManifest committed, DurableCheckpoint proof, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(cancellationToken);
        var forgotten = Retention.Deletable(stored, proof, options.RetainedCheckpoints);
        foreach (var checkpoint in forgotten)
        {
            await lease.DeleteAsync(checkpoint, cancellationToken);
        }

        await sideFiles.RunAsync(committed, stored.Except(forgotten), cancellationToken);
    }

    private void TimeOut(CheckpointMeeting meeting)
    {
        var late = meeting.Committing;
        var error = CheckpointErrors.CommitTimedOut($"Checkpoint {meeting.Checkpoint}", options.CheckpointTimeout, late);
        scope.Fault(error, late.Select(graph.CounterOf));
    }

    private async Task ConfirmAsync(CheckpointMeeting meeting, DurableCheckpoint durable, CancellationToken cancellationToken)
    {
        foreach (var source in graph.Sources)
        {
            if (meeting.Sources[source.Connection] is { } state)
            {
                await source.ConfirmAsync(durable, state, cancellationToken);
            }
        }
    }
}
