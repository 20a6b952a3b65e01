using CdcFlow.Batches;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;
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
            RefuseUnknownNames();
            lease = await instance.ForAttemptAsync(either.Token);
            parts.Add(scope.Start(token => LeaseRenewal.RunAsync(lease, services.Time, token)));
            if (check)
            {
                await Preflight.RunAsync(definition.Graph, Graph, options, services, either.Token);
            }

            IsChecked = true;

            var line = await RestoreAsync(either.Token);
            await OpenSourcesAsync(line, either.Token);
            services.Observer.Started(lease.Epoch, line.LastCommitted);
            return line;
        }
        catch (Exception given) when (stop.IsCancellationRequested)
        {
            // A connector may have its own word for a call that was given up. Nothing has run yet: what else it was, the next start meets again.
            if (given is not OperationCanceledException)
            {
                services.Observer.Noted($"While it stopped: {(given as CdcFlowException)?.Happened ?? given.GetType().Name}");
            }

            return null;
        }
    }

    private async Task<CheckpointLine> RestoreAsync(CancellationToken cancellationToken)
    {
        var recovery = new RecoveryRun(definition, services.Store, lease!, options, services.Observer);
        using var deadline = services.Time.CreateTimer(
            _ => Fault(CheckpointErrors.CommitTimedOut("What the last run left to the sinks", options.CheckpointTimeout, recovery.Calling)),
            null, options.CheckpointTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await recovery.RunAsync(Graph, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Fault(exception);
            throw;
        }

        void Fault(Exception exception) => scope.Fault(exception, recovery.Calling.Select(Graph.CounterOf));
    }

    private async Task OpenSourcesAsync(CheckpointLine line, CancellationToken cancellationToken)
    {
        // Each its own share: chunks of one source must not take the bytes that the log of another needs to move on.
        string[] keeping = [.. Graph.Sinks.SelectMany(node => node.Sink.KeepingSinks)];
        var share = Math.Max(1, options.BudgetBytes / Math.Max(1, Graph.Sources.Count));
        foreach (var source in Graph.Sources)
        {
            var budget = new MemoryBudget(share);
            var context = new SourceOpenContext(line.RestoredState(source.Connection), options.Boundedness, budget)
            {
                Store = lease!.Store,
                Resnapshot = line.Resnapshot(source.Connection),
                KeepingSinks = source.NodeIds.ToDictionary(node => node, node => FedNodes.Sinks(definition.Graph, node, keeping)),
                SkipTo = options.SkipTo.GetValueOrDefault(source.Connection),
            };
            var reader = await source.Connector.OpenAsync(context, cancellationToken);
            readers = new Dictionary<string, ISourceReader>(readers) { [source.Connection] = reader };
        }
    }

    /// <summary>Before anything is opened: a slip of the pen fences nobody.</summary>
    private void RefuseUnknownNames()
    {
        ResnapshotTables.Require(options.Resnapshot, Graph.Sources.SelectMany(source => source.Connector.Tables));
        if (options.SkipTo.Keys.FirstOrDefault(name => Graph.Sources.All(source => source.Connection != name)) is { } unknown)
        {
            throw new CdcFlowException(
                ErrorCodes.SkipUnknown,
                $"--skip-to names connection '{unknown}', and the pipeline has no source of it.",
                $"Its sources' connections are: {string.Join(", ", Graph.Sources.Select(source => source.Connection))}.");
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
