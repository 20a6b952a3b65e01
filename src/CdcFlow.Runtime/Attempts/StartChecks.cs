using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>All that must hold before anything is changed anywhere: one list, which a check prints whole and a start stops at, so that neither knows a refusal that the other does not.</summary>
/// <remarks>Each group is made by what the ones before it have found. What a start opens afterwards it decides once more by itself: something may have changed since.</remarks>
/// <param name="definition">The pipeline.</param>
/// <param name="graph">Its connectors.</param>
/// <param name="options">How it is to run.</param>
/// <param name="services">What it touches.</param>
internal sealed class StartChecks(PipelineDefinition definition, FlowGraph graph, PipelineOptions options, PipelineServices services)
{
    private readonly HashSet<string> failed = [];
    private RecoveryDecision? decision;
    private volatile string? calling;

    /// <summary>The sink connection that is being called; none between calls.</summary>
    public IReadOnlyList<string> Calling => calling is { } connection ? [connection] : [];

    /// <summary>What the store and the sinks say; null until recovery was found to be possible.</summary>
    public RecoveryFacts? Admitted { get; private set; }

    /// <summary>Makes those that come before the lease is taken, which writes to the store and fences who has it: no slip of the pen does that.</summary>
    /// <exception cref="CdcFlowException">One fails.</exception>
    public async Task RequireBeforeLeaseAsync(CancellationToken cancellationToken)
    {
        await OrdersAsync(StartRefusal.Thrown);
        StartRefusal.Thrown.Require(await services.HostChecks(cancellationToken), services.Observer);
    }

    /// <summary>Makes them all, whatever fails.</summary>
    public async Task<IReadOnlyList<PreflightReport>> ReportAsync(CancellationToken cancellationToken)
    {
        List<PreflightReport> reports = [];
        foreach (var group in Groups(StartRefusal.Told, own: null))
        {
            reports.AddRange(await group.RunAsync(cancellationToken));
        }

        return [.. reports, .. await OrdersAsync(StartRefusal.Told), .. await services.HostChecks(cancellationToken)];
    }

    /// <summary>The list, in its order, but for those that come before the lease.</summary>
    /// <param name="refusal">Whether what fails is thrown, or told with the others.</param>
    /// <param name="own">The epoch of the instance that starts; null: none does.</param>
    public IReadOnlyList<CheckGroup> Groups(StartRefusal refusal, Epoch? own) =>
    [
        new(false, token => ConnectorsAsync(refusal, token)),
        new(true, token => RecoveryAsync(refusal, own, token)),
        new(false, token => OpeningsAsync(refusal, token)),
    ];

    private async Task<IReadOnlyList<PreflightReport>> ConnectorsAsync(StartRefusal refusal, CancellationToken cancellationToken)
    {
        var reports = await Preflight.ReportAsync(definition.Graph, graph, options, services.Store, refusal.IsFinding, cancellationToken);
        failed.UnionWith(reports.Where(report => !report.Passed).Select(report => report.Subject));
        refusal.Require(reports, services.Observer);
        return reports;
    }

    /// <summary>What the command line asks for.</summary>
    private Task<IReadOnlyList<PreflightReport>> OrdersAsync(StartRefusal refusal) => refusal.AskAsync("command line", "options", () =>
    {
        SkipPlaces.Require(options.SkipTo, graph.Sources.Select(source => source.Connection));
        ResnapshotTables.Require(options.Resnapshot, graph.Sources.SelectMany(source => source.Connector.Tables));
        return Task.FromResult<IReadOnlyList<PreflightCheck>>([]);
    });

    // While an instance runs, its next commit may move on what a start would find.
    private async Task<IReadOnlyList<PreflightReport>> RecoveryAsync(StartRefusal refusal, Epoch? own, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await FirstReading.RunAsync(definition, services.Store, graph, connection => calling = connection, cancellationToken) with { Override = options.RecoverFrom };
            return await refusal.AskAsync("sinks and checkpoints", "recovery", () =>
            {
                if (Recovery.Admit(facts, own) is { } refused)
                {
                    throw refused.ToException();
                }

                Admitted = facts;
                decision = Recovery.Decide(facts);
                return Task.FromResult<IReadOnlyList<PreflightCheck>>([AdmissionCheck.Passed(decision)]);
            });
        }
        catch (CdcFlowException) when (refusal.IsTold && failed.Count > 0)
        {
            // Why a marker cannot be read is said once: by its sink where that knows.
            return [];
        }
        catch (CdcFlowException error) when (refusal.IsTold)
        {
            return [new PreflightReport("sinks and checkpoints", [StartRefusal.Check("recovery", error)])];
        }
    }

    /// <summary>Whether each source could go on from what is restored.</summary>
    private async Task<IReadOnlyList<PreflightReport>> OpeningsAsync(StartRefusal refusal, CancellationToken cancellationToken)
    {
        List<PreflightReport> reports = [];
        foreach (var source in decision is null ? [] : graph.Sources)
        {
            reports.AddRange(await OpeningAsync(source, (decision as Restore)?.Checkpoint.Manifest, refusal, cancellationToken));
        }

        return reports;
    }

    private async Task<IReadOnlyList<PreflightReport>> OpeningAsync(SourceNode source, CheckpointManifest? restored, StartRefusal refusal, CancellationToken cancellationToken)
    {
        var name = $"source {source.Connection}";
        var subject = $"{name} from there on";
        try
        {
            var warnings = await source.Connector.CheckOpenAsync(await ContextAsync(source, restored, cancellationToken), cancellationToken);

            // A start says them as it opens.
            return refusal.IsTold && warnings.Count > 0 ? [new PreflightReport(subject, warnings)] : [];
        }
        catch (CdcFlowException error) when (refusal.IsTold)
        {
            // A source that failed before would fail here for the same, in other words.
            return failed.Contains(name) && !error.IsPositionLost ? [] : [new PreflightReport(subject, [StartRefusal.Check("start", error)])];
        }
    }

    private async Task<SourceOpenContext> ContextAsync(SourceNode source, CheckpointManifest? restored, CancellationToken cancellationToken)
    {
        var request = options.Resnapshot;
        if (restored is not null)
        {
            var check = new DefinitionCheck(definition.Graph, graph, options);
            request = check.Request(source.Connection, check.Judge(restored.Checkpoint, await check.BeforeAsync(restored, cancellationToken)), restored.Checkpoint);
        }

        return SourceStart.Of(source, definition.Graph, graph, options, Admitted!.Store, restored?.Sources.TryGetValue(source.Connection, out var state) == true ? state : null, request);
    }
}

/// <summary>Some of the checks.</summary>
/// <param name="CallsSinks">Whether sinks are called, which may hang.</param>
/// <param name="RunAsync">Makes them.</param>
internal sealed record CheckGroup(bool CallsSinks, Func<CancellationToken, Task<IReadOnlyList<PreflightReport>>> RunAsync);
