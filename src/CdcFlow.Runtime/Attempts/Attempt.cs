using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.State;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>One life of a pipeline between two restarts: recover, run, take down. Everything in it is made anew.</summary>
internal sealed class Attempt(
    PipelineDefinition definition, PipelineServices services, PipelineOptions options, InstanceLease instance, CheckpointRequests requests, FlowCounters counters)
{
    private static readonly TimeSpan takeDownTimeout = TimeSpan.FromMinutes(1);

    private readonly AttemptScope scope = new(services.Scheduler, services.Barriers);
    private readonly PipelineBuilder builder = new(definition.Graph, services.Connectors, counters, options.RejectsMax);
    private readonly List<Task> parts = [];
    private volatile IReadOnlyDictionary<string, ISourceReader> readers = new Dictionary<string, ISourceReader>();
    private ICheckpointLease? lease;
    private volatile bool runs;

    /// <summary>What waits at each node; empty before the nodes run.</summary>
    public IReadOnlyDictionary<string, int> QueueLengths => (runs ? Graph.Inboxes : [])
        .GroupBy(inbox => inbox.Key.Id, inbox => inbox.Value.QueueLength)
        .ToDictionary(lengths => lengths.Key, lengths => lengths.Sum());

    /// <summary>Whether the checks before the start, where they were asked for, went well.</summary>
    public bool IsChecked { get; private set; }

    /// <summary>Whether everything was open, and it ran.</summary>
    public bool WasOpen => runs;

    /// <summary>What is on its way.</summary>
    public InFlight InFlight => scope.InFlight;

    /// <summary>How far each source connection is.</summary>
    public IReadOnlyDictionary<string, SourceProgress> Progress => readers.ToDictionary(reader => reader.Key, reader => reader.Value.Progress);

    private FlowGraph Graph => builder.Graph;

    private IEnumerable<string> BusyNodes => Graph.Inboxes.Where(inbox => inbox.Value.IsBusy).Select(inbox => inbox.Key.Id);

    /// <summary>Runs to the end: all read and committed, stopped in good order, or failed.</summary>
    /// <param name="check">Whether to check everything before the start.</param>
    /// <param name="report">Is told of each checkpoint.</param>
    /// <param name="stop">Asks to stop in good order.</param>
    /// <returns>The first fault of any part, or null. <see cref="RuntimeErrorCodes.CallHangs"/> when it could not be taken down.</returns>
    public async Task<Exception?> RunAsync(bool check, Action<CheckpointReport> report, CancellationToken stop)
    {
        await scope.RunAsync(async cancelled =>
        {
            if (await RecoverAsync(check, stop, cancelled) is { } line)
            {
                var coordinator = new CheckpointCoordinator(Graph, scope, services.Store, lease!, line, requests, options, services.Time, report);
                Start(coordinator);
                using var stopping = stop.Register(() => Graph.Sources.ForEach(source => source.Stop()));
                await coordinator.RunAsync(cancelled);
            }
        });
        scope.Cancel();
        if (!await TakeDown.WithinAsync(takeDownTimeout, WhenStillAsync, services))
        {
            return TakeDown.Hangs(BusyNodes, takeDownTimeout, scope.FirstFault);
        }

        await DisposeAsync();
        return scope.FirstFault;
    }

    /// <summary>Opens everything at the checkpoint to go on from; nothing is read yet.</summary>
    /// <returns>Null when it was asked to stop meanwhile.</returns>
    private async Task<CheckpointLine?> RecoverAsync(bool check, CancellationToken stop, CancellationToken cancelled)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancelled);
        try
        {
            definition.Build(builder);
            builder.Finish();
            PipelineOptionRanges.Require(options, definition.Name);
            var checks = check ? new StartChecks(definition, Graph, options, services) : null;
            await (checks?.RequireBeforeLeaseAsync(either.Token) ?? Task.CompletedTask);
            lease = await instance.ForAttemptAsync(either.Token);
            parts.Add(scope.Start(token => LeaseRenewal.RunAsync(lease, services.Time, token)));
            var admitted = checks is null ? null : await RequireAsync(checks, lease.Epoch, either.Token);
            IsChecked = true;

            var line = await RestoreAsync(admitted, either.Token);
            await NodeStates.RestoreAsync(Graph.States, line, services.Store, services.Observer, either.Token);
            await OpenSourcesAsync(line, either.Token);
            services.Observer.Started(lease.Epoch, line.LastCommitted);
            return line;
        }
        catch (Exception given) when (stop.IsCancellationRequested && IsGivenUp(given))
        {
            // A connector may have its own word for a call that was given up. Nothing has run yet: what else it was, the next start meets again.
            if (given is not OperationCanceledException)
            {
                services.Observer.Noted($"While it stopped: {(given as CdcFlowException)?.Happened ?? given.GetType().Name}");
            }

            return null;
        }
    }

    /// <summary>Whether a call may have failed because it was given up. What stays as it is, the run ends with, though it was to stop.</summary>
    private static bool IsGivenUp(Exception error) => error is not CdcFlowException { IsFenced: true } && (Transience.MayHeal(error) || (error.InnerException is { } inner && IsCancelled(inner)));

    private static bool IsCancelled(Exception error) => error is OperationCanceledException || (error.InnerException is { } inner && IsCancelled(inner));

    /// <summary>Makes the checks of a first start, and stops at what fails.</summary>
    /// <returns>What the store and the sinks were found to say.</returns>
    private async Task<RecoveryFacts?> RequireAsync(StartChecks checks, Epoch own, CancellationToken cancellationToken)
    {
        foreach (var group in checks.Groups(StartRefusal.Thrown, own))
        {
            _ = group.CallsSinks ? await WithinAsync(() => checks.Calling, group.RunAsync, cancellationToken) : await group.RunAsync(cancellationToken);
        }

        return checks.Admitted;
    }

    private async Task<CheckpointLine> RestoreAsync(RecoveryFacts? admitted, CancellationToken cancellationToken)
    {
        var recovery = new RecoveryRun(definition, services.Store, lease!, options, services.Observer) { Admitted = admitted };
        return await WithinAsync(() => recovery.Calling, token => recovery.RunAsync(Graph, token), cancellationToken);
    }

    /// <summary>Calls sinks, which may hang.</summary>
    private async Task<TResult> WithinAsync<TResult>(Func<IReadOnlyList<string>> calling, Func<CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var deadline = services.Time.CreateTimer(
            _ => Fault(CheckpointErrors.CommitTimedOut("What the last run left to the sinks", options.CheckpointTimeout, calling())),
            null, options.CheckpointTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await work(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Fault(exception);
            throw;
        }

        void Fault(Exception exception) => scope.Fault(exception, calling().Select(Graph.CounterOf));
    }

    private async Task OpenSourcesAsync(CheckpointLine line, CancellationToken cancellationToken)
    {
        foreach (var source in Graph.Sources)
        {
            var context = SourceStart.Of(source, definition.Graph, Graph, options, lease!.Store, line.RestoredState(source.Connection), line.Resnapshot(source.Connection));
            var reader = await source.Connector.OpenAsync(context, cancellationToken);
            readers = new Dictionary<string, ISourceReader>(readers) { [source.Connection] = reader };
        }
    }

    private void Start(CheckpointCoordinator coordinator)
    {
        foreach (var (node, inbox) in Graph.Inboxes)
        {
            inbox.Start(node, scope);
        }

        runs = true;
        foreach (var source in Graph.Sources)
        {
            parts.Add(scope.Start(token => source.RunAsync(readers[source.Connection], scope, coordinator.OnSourceEnded, token)));
        }
    }

    /// <summary>Every part and every node has returned. Before that nothing may be disposed, and no other attempt begun: a commit on its way may yet succeed.</summary>
    private async Task WhenStillAsync()
    {
        foreach (var part in parts)
        {
            await part;
        }

        await scope.InFlight.WhenIdleAsync();
    }

    private async Task DisposeAsync()
    {
        foreach (var resource in Resources())
        {
            try
            {
                await resource.DisposeAsync();
            }
            catch (Exception exception)
            {
                services.Observer.TeardownFailed(exception);
            }
        }
    }

    private IEnumerable<IAsyncDisposable> Resources() =>
    [
        .. readers.Values,
        .. Graph.Connectors,
    ];
}
