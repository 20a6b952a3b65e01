using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Asks every connector whether it could run, before anything is changed anywhere.</summary>
internal static class Preflight
{
    /// <summary>Asks all of them, sources first.</summary>
    /// <param name="pipeline">Who feeds whom.</param>
    /// <param name="graph">Whom to ask.</param>
    /// <param name="options">How the pipeline is to run.</param>
    /// <param name="store">What it would go on from.</param>
    /// <param name="isFinding">Whether what a connector throws is an answer like any other; if not, it is thrown on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<PreflightReport>> ReportAsync(
        PipelineGraph pipeline, FlowGraph graph, PipelineOptions options, ICheckpointStore store, Func<CdcFlowException, bool> isFinding, CancellationToken cancellationToken)
    {
        var stale = new StaleColumns(pipeline, [.. graph.Sinks.SelectMany(node => node.Sink.UpdatingSinks)]);
        var oldRows = new NeededOldRows(pipeline);
        var values = new NeededValues(pipeline);
        var check = new DefinitionCheck(pipeline, graph, options);
        List<PreflightReport> sources = [], sinks = [];
        CheckpointManifest? newest = null;
        var definition = await AskAsync(
            "definition",
            async token =>
            {
                newest = await check.NewestAsync(store, token);
                return new PreflightReport("definition", []);
            },
            isFinding, cancellationToken);
        foreach (var source in graph.Sources)
        {
            sources.Add(values.Judge(oldRows.Judge(stale.Judge(await AskAsync(
                $"source {source.Connection}", token => source.Connector.PreflightAsync(StateOf(newest, source.Connection), token), isFinding, cancellationToken)))));
        }

        foreach (var node in graph.Sinks)
        {
            sinks.Add(await AskAsync($"sink {node.Connection}", node.Sink.PreflightAsync, isFinding, cancellationToken));
        }

        // What sinks know of their tables, they know by now.
        if (definition.Passed)
        {
            definition = await AskAsync(definition.Subject, token => check.ReportAsync(newest, token), isFinding, cancellationToken);
        }

        return [.. new SharedPlaces(pipeline.Name, graph).Check(sources, sinks), .. definition.Checks.Count > 0 ? [definition] : Array.Empty<PreflightReport>()];
    }

    private static JsonElement? StateOf(CheckpointManifest? newest, string connection) => newest?.Sources.TryGetValue(connection, out var state) == true ? state : null;

    private static async Task<PreflightReport> AskAsync(
        string subject, Func<CancellationToken, ValueTask<PreflightReport>> ask, Func<CdcFlowException, bool> isFinding, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken);
        }
        catch (CdcFlowException error) when (isFinding(error))
        {
            return new PreflightReport(subject, [StartRefusal.Check("connection", error)]);
        }
    }
}
