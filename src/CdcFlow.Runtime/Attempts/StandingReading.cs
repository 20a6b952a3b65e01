using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Asks store, sources and sinks how they stand. None of them keeps the others from being asked.</summary>
internal sealed class StandingReading(PipelineDefinition definition, PipelineServices services, PipelineOptions options)
{
    /// <summary>Asks, sinks before the store: a checkpoint that one of them names was in the store by then.</summary>
    public async Task<PipelineStanding> RunAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var sinks = new List<SinkStanding>();
        foreach (var node in graph.Sinks)
        {
            sinks.Add(await SinkAsync(node, cancellationToken));
        }

        var store = await StoreAsync(cancellationToken);
        var sources = new Dictionary<string, SourceStanding>(StringComparer.Ordinal);
        foreach (var source in graph.Sources)
        {
            JsonElement? state = store.Newest?.Manifest.Sources.TryGetValue(source.Connection, out var known) == true ? known : null;
            sources.Add(source.Connection, await SourceAsync(source, state, cancellationToken));
        }

        if (store.Failure is null)
        {
            sinks = [.. sinks.Select(sink => sink.Failure is not null ? sink : sink with { Standing = MarkerStandings.Of(Opened(sink), store.Stored, store.Id) })];
        }

        var standing = new PipelineStanding(store, sources, sinks, []);
        return standing with { Start = store.Failure is null && sinks.All(sink => sink.Failure is null) ? await StartAsync(graph, standing, cancellationToken) : [] };
    }

    private static OpenedSink Opened(SinkStanding sink) =>
        new(sink.Connection, sink.Kind, sink.Marker?.Checkpoint) { Found = sink.Marker, Before = sink.Marker?.Before };

    private static async ValueTask<SinkStanding> SinkAsync(SinkNode node, CancellationToken cancellationToken)
    {
        var standing = new SinkStanding(node.Connection, node.Sink.Kind);
        try
        {
            return standing with
            {
                Marker = await node.Sink.ReadMarkerAsync(cancellationToken),
                Rejects = node.Sink.Rejects is { } rejects ? await rejects.CountAsync(cancellationToken) : null,
            };
        }
        catch (CdcFlowException failure)
        {
            return standing with { Failure = failure };
        }
    }

    private static async ValueTask<SourceStanding> SourceAsync(SourceNode source, JsonElement? state, CancellationToken cancellationToken)
    {
        try
        {
            return await source.Connector.StandingAsync(state, cancellationToken);
        }
        catch (CdcFlowException failure)
        {
            return new SourceStanding { Failure = failure };
        }
    }

    private async ValueTask<StoreStanding> StoreAsync(CancellationToken cancellationToken)
    {
        var observer = services.Holder ?? LeaseHolder.Current();
        try
        {
            return new StoreStanding
            {
                Id = await services.Store.ReadIdAsync(cancellationToken),
                Lease = await services.Store.ReadLeaseAsync(observer.Machine, cancellationToken),
                Stored = await RecoveryFacts.LoadAllAsync(services.Store, cancellationToken),
            };
        }
        catch (CdcFlowException failure)
        {
            return new StoreStanding { Failure = failure };
        }
    }

    private async ValueTask<IReadOnlyList<PreflightCheck>> StartAsync(FlowGraph graph, PipelineStanding standing, CancellationToken cancellationToken)
    {
        var facts = new RecoveryFacts(definition.Name, standing.Store.Stored, [.. standing.Sinks.Select(Opened)])
        {
            Sources = [.. standing.Sources.Keys],
            Nodes = [.. graph.States.Select(state => state.NodeId)],
            Store = standing.Store.Id,
        };
        var recovery = AdmissionCheck.Judge(facts);
        try
        {
            var check = new DefinitionCheck(definition.Graph, graph, options);
            var changes = await check.ReportAsync(await check.NewestAsync(services.Store, cancellationToken), cancellationToken);
            return [recovery, .. changes.Checks];
        }
        catch (CdcFlowException failure)
        {
            return [recovery, new PreflightCheck("definition", PreflightStatus.Failed, failure.Happened, failure.Code, failure.Fix)];
        }
    }
}
