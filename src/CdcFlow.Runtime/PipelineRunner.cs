using System.Runtime.ExceptionServices;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Restarts;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>Runs one pipeline: attempt after attempt, each from the last checkpoint, until it has ended, is stopped or cannot go on.</summary>
/// <remarks><see cref="RunAsync"/> once; the other members at any time, from any thread.</remarks>
/// <param name="definition">What to run.</param>
/// <param name="services">What it touches.</param>
/// <param name="options">How.</param>
public sealed class PipelineRunner(PipelineDefinition definition, PipelineServices services, PipelineOptions options)
{
    private const int HistoryLength = 100;

    private readonly CheckpointRequests requests = new();
    private readonly FlowCounters counters = new(services.Time, services.BatchProcessed);
    private readonly RestartDecider restarts = new(options.Restart, waitsOut: options.Boundedness == Boundedness.Continuous, services.Random);
    private readonly Lock gate = new();
    private readonly Queue<CheckpointReport> history = new();
    private volatile Attempt? attempt;
    private bool hasCommitted;

    /// <summary>The last hundred checkpoints, oldest first.</summary>
    public IReadOnlyList<CheckpointReport> History
    {
        get
        {
            lock (gate)
            {
                return [.. history];
            }
        }
    }

    /// <summary>How far each source connection is; empty before its first attempt has opened it.</summary>
    public IReadOnlyDictionary<string, SourceProgress> Progress => attempt?.Progress ?? new Dictionary<string, SourceProgress>();

    /// <summary>What each node has done and what waits for it, in the order of their ids.</summary>
    public IReadOnlyList<NodeStatus> Nodes => counters.Status(attempt?.QueueLengths ?? new Dictionary<string, int>());

    /// <summary>Runs the pipeline.</summary>
    /// <param name="stop">Asks to stop in good order: reading ends, a final checkpoint is made and committed, then this returns.
    /// While nothing is being read (during recovery, or in the pause before a restart) it returns at once.</param>
    /// <exception cref="CdcFlowException">The pipeline cannot go on, a newer instance has taken over, or its options are out of range.</exception>
    /// <exception cref="InvalidOperationException">It was run before.</exception>
    public Task RunAsync(CancellationToken stop) =>
        Task.Factory.StartNew(
            () => RunAttemptsAsync(stop), CancellationToken.None, TaskCreationOptions.DenyChildAttach, services.Scheduler).Unwrap();

    /// <summary>Makes a checkpoint now, or as soon as an attempt runs.</summary>
    /// <returns>The checkpoint, committed.</returns>
    /// <exception cref="CdcFlowException">It was given up, or the attempt failed on the way.</exception>
    public Task<CheckpointRef> CheckpointAsync(CancellationToken cancellationToken) => requests.Add().WaitAsync(cancellationToken);

    /// <summary>Waits until nothing is on its way in the running attempt: no element queued, no round being handed over, no checkpoint being made.</summary>
    public Task WhenIdleAsync() => attempt?.InFlight.WhenIdleAsync() ?? Task.CompletedTask;

    /// <summary>Makes the checks that a first start makes, and tells of all of them, without changing anything: whether every connector could run, whether the sinks' markers and the
    /// store tell one story, whether the pipeline is the one of its newest checkpoint, and whether each source could go on from there.</summary>
    public Task<IReadOnlyList<PreflightReport>> PreflightAsync(CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new StartChecks(definition, graph, options, services).ReportAsync(cancellationToken));

    /// <summary>Reads back the rejected changes that the sinks keep, without changing anything, also while an instance runs.</summary>
    /// <param name="max">How many of each connection at most, the newest first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One entry for each connection that can keep any.</returns>
    public Task<IReadOnlyList<ConnectionRejects>> RejectsAsync(int max, CancellationToken cancellationToken) => WithConnectorsAsync(async graph =>
    {
        var all = new List<ConnectionRejects>();
        foreach (var node in graph.Sinks.Where(node => node.Sink.Rejects is not null))
        {
            all.Add(new ConnectionRejects(node.Connection, await node.Sink.Rejects!.ListAsync(max, cancellationToken)));
        }

        return (IReadOnlyList<ConnectionRejects>)all;
    });

    /// <summary>Aborts the transactions that a dead instance left open at its sinks, for those that hold readers back
    /// (<see cref="IOrphanedTransactions"/>), while it holds the pipeline's lease.</summary>
    /// <param name="force">Whether to do so although an instance that is alive holds the lease: it is fenced, and has to start anew.</param>
    /// <param name="cancellationToken">Gives up; some may be aborted by then.</param>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.LeaseHeld"/> names the living holder, or <see cref="CheckpointErrorCodes.ForeignStore"/> the store that the sinks
    /// belong to; nothing was fenced.</exception>
    public Task<OrphanReport> AbortOrphansAsync(bool force, CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new OrphanAbort(definition, services, options.LeaseWait, force).RunAsync(graph, cancellationToken));

    /// <summary>Makes the pipeline's store the owner of sinks that are another store's: for a user who means it, since the instance that may run on that
    /// store is fenced, and whatever it commits from then on fails.</summary>
    /// <param name="confirm">Is asked with what is another store's, before anything is changed; not asked when nothing is.</param>
    /// <param name="cancellationToken">Gives up; some sinks may be taken over by then.</param>
    /// <returns>Null when <paramref name="confirm"/> said no.</returns>
    /// <exception cref="CdcFlowException">The store's lease is held by another instance, or a sink cannot be opened.</exception>
    public Task<TakeOverReport?> TakeOverAsync(Func<TakeOverQuestion, ValueTask<bool>> confirm, CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new TakeOver(definition, services, options.LeaseWait).RunAsync(graph, confirm, cancellationToken));

    /// <summary>Looks how the pipeline stands: store, lease, sources, sinks, and how a start would go on. Changes nothing, and an instance that runs goes on. What cannot be asked
    /// is told as unknown, with its reason.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException">The configuration is wrong.</exception>
    public Task<PipelineStanding> StandingAsync(CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new StandingReading(definition, services, options).RunAsync(graph, cancellationToken));

    /// <summary>Takes away what the pipeline has made at its sources and sinks besides rows, and then what its store holds: the next start is a first one.</summary>
    /// <remarks>An interrupted reset is finished by another one. A start between the two stops, or begins afresh; it never goes on as if nothing were missing.</remarks>
    /// <param name="rejects">Whether rejected changes that the sinks keep go too.</param>
    /// <param name="confirm">Is asked with everything that was found, before anything is changed; not asked when nothing is there to go.</param>
    /// <param name="removed">Is told of each trace once it is gone.</param>
    /// <param name="cancellationToken">Gives up, between two traces.</param>
    /// <returns>What was found; null when <paramref name="confirm"/> said no.</returns>
    /// <exception cref="CdcFlowException">An instance runs, another store or pipeline is concerned, or a server cannot be asked: nothing was changed. Or a trace could not
    /// be taken away: those before it are gone.</exception>
    public Task<ResetPlan?> ResetAsync(
        bool rejects, Func<ResetPlan, ValueTask<bool>> confirm, Action<ConnectionTrace> removed, CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new Reset(definition, services, options.LeaseWait).RunAsync(graph, rejects, confirm, removed, cancellationToken));

    /// <summary>Leaves everything out that was committed at a source up to a place in its log, of every table: for a user whose pipeline nothing else gets past that place. Recovers as a
    /// start does, and makes one checkpoint; the next start goes on from it.</summary>
    /// <param name="connection">The source's connection.</param>
    /// <param name="place">The place, as its server writes it.</param>
    /// <param name="confirm">Is asked with what would be left out, before anything is changed.</param>
    /// <param name="cancellationToken">Gives up; the checkpoint is made whole, or not at all.</param>
    /// <returns>Null when <paramref name="confirm"/> said no.</returns>
    /// <exception cref="CdcFlowException">An instance runs, there is no checkpoint yet, the place cannot be skipped to, or the pipeline could not start either.</exception>
    public Task<SkipReport?> SkipAsync(string connection, string place, Func<SourceSkip, ValueTask<bool>> confirm, CancellationToken cancellationToken) =>
        WithConnectorsAsync(graph => new Skip(definition, services, options).RunAsync(graph, connection, place, confirm, cancellationToken));

    private async Task<T> WithConnectorsAsync<T>(Func<FlowGraph, Task<T>> use)
    {
        var builder = new PipelineBuilder(definition.Graph, services.Connectors, new FlowCounters(services.Time, batchProcessed: null), options.RejectsMax);
        try
        {
            definition.Build(builder);
            builder.Finish();
            PipelineOptionRanges.Require(options, definition.Name);
            return await use(builder.Graph);
        }
        finally
        {
            foreach (var connector in builder.Graph.Connectors)
            {
                await connector.DisposeAsync();
            }
        }
    }

    private async Task RunAttemptsAsync(CancellationToken stop)
    {
        if (attempt is not null)
        {
            throw new InvalidOperationException("A runner runs once.");
        }

        var lease = new InstanceLease(services, options.LeaseWait);
        var error = await RunUntilEndAsync(lease, stop);
        if (error is not CdcFlowException { Code: RuntimeErrorCodes.CallHangs })
        {
            // What still hangs may yet take effect: whoever comes next must wait, and fence it.
            await lease.ReleaseAsync();
        }

        var end = error ?? new OperationCanceledException("The pipeline has ended.");
        requests.TakeAll().ForEach(request => request.TrySetException(end));
        services.Observer.Stopped(error);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private async Task<Exception?> RunUntilEndAsync(InstanceLease lease, CancellationToken stop)
    {
        // Times that are compared are those of a clock that never jumps.
        var (begun, beginning) = (services.Time.GetUtcNow(), services.Time.GetTimestamp());
        var hasOpened = false;
        for (var isChecked = false; ; isChecked |= attempt.IsChecked)
        {
            var current = attempt = new Attempt(definition, services, OptionsNow(), lease, requests, counters);
            if (await current.RunAsync(check: !isChecked, Record, stop) is not { } failed)
            {
                return null;
            }

            var fault = await lease.FencedAsync() ?? (hasOpened ? TakenOver(failed) : null) ?? failed;
            hasOpened |= current.WasOpen;
            switch (restarts.Decide(fault, begun + services.Time.GetElapsedTime(beginning), current.WasOpen))
            {
                case RestartDecision.GiveUp(var error):
                    return error;
                case RestartDecision.Restart when stop.IsCancellationRequested:
                    // The final checkpoint was asked for and not made.
                    return fault;
                case RestartDecision.Restart(var pause, var awaySince):
                    Tell(fault, pause, awaySince);
                    try
                    {
                        if (!await lease.PauseAsync(pause, stop))
                        {
                            // Nothing runs: what is committed is all there is.
                            return null;
                        }
                    }
                    catch (CdcFlowException lost)
                    {
                        return lost;
                    }

                    break;
            }
        }
    }

    /// <summary>An instance that had its sinks open, lost its session there, and finds them another store's when it starts again, was fenced by who took them over.</summary>
    private static CdcFlowException? TakenOver(Exception fault) => fault is CdcFlowException { Code: CheckpointErrorCodes.ForeignStore } foreign
        ? new CdcFlowException(foreign.Code, foreign.Happened, foreign.Fix, foreign.Domain, inner: foreign) { IsFenced = true }
        : null;

    private void Tell(Exception fault, TimeSpan pause, DateTimeOffset? awaySince)
    {
        if (awaySince is { } since)
        {
            services.Observer.Waiting(fault, since, options.Restart.AwayMax);
        }
        else
        {
            services.Observer.Restarting(fault, pause);
        }
    }

    /// <summary>An operator's order to recover otherwise holds until it has led to a checkpoint; after that it would only throw work away.</summary>
    private PipelineOptions OptionsNow() => hasCommitted ? options with { RecoverFrom = null } : options;

    private void Record(CheckpointReport report)
    {
        lock (gate)
        {
            history.Enqueue(report);
            if (history.Count > HistoryLength)
            {
                history.Dequeue();
            }
        }

        if (report.Outcome == CheckpointOutcome.Committed)
        {
            hasCommitted = true;
            restarts.Progressed();
        }

        services.Observer.CheckpointEnded(report);
    }
}
