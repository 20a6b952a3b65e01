using System.Runtime.ExceptionServices;
using CdcFlow.Operators;
using CdcFlow.Rejects;
using CdcFlow.Runtime.Attempts;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Rejection;

/// <summary>What becomes of changes that the nodes of a graph fail on.</summary>
/// <remarks>Thread-safe once the graph is built: asynchronous nodes fail on several changes at once.</remarks>
/// <param name="pipeline">The pipeline's shape: its nodes, what they are set to, and whom they feed.</param>
/// <param name="resolver">Gives what the configuration sets them to.</param>
/// <param name="counters">Counts.</param>
/// <param name="rejectsMax">How many changes a node may reject between two barriers.</param>
internal sealed class NodeRules(PipelineGraph pipeline, IConnectorResolver resolver, FlowCounters counters, int rejectsMax)
{
    private readonly Dictionary<string, OnError> rules = pipeline.Nodes
        .Where(node => node.Kind is GraphNodeKind.Filter or GraphNodeKind.Transform or GraphNodeKind.Route)
        .DistinctBy(node => node.Id)
        .ToDictionary(node => node.Id, node => resolver.NodeSettings(node.Id).GetEnum(nameof(NodeAttribute.OnError), node.OnError));

    /// <summary>What is known of rows.</summary>
    public RowEvidences Evidences { get; } = new();

    /// <summary>The nodes that set changes aside.</summary>
    public IEnumerable<string> SettingAside => rules.Where(rule => rule.Value == OnError.DeadLetter).Select(rule => rule.Key);

    /// <summary>The nodes and sinks behind a node, and itself.</summary>
    public IReadOnlyCollection<string> Behind(string node) => FedNodes.Of(pipeline, node);

    /// <summary>Counts for one sink connection.</summary>
    public SinkRejectCount CountOfSinks() => new(counters, rejectsMax, pipeline.Name);

    /// <summary>The key that configures what becomes of a node's failures.</summary>
    public string SettingOf(string node) => $"CdcFlow:{pipeline.Name}:Nodes:{node}:{nameof(NodeAttribute.OnError)}";

    /// <summary>Whether the pipeline's shape has the node.</summary>
    public bool Knows(string node) => pipeline.Nodes.Any(known => known.Id == node);

    /// <summary>Rules on a change that a node failed on.</summary>
    /// <param name="node">The node.</param>
    /// <param name="change">The change.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="count">How many the node has rejected since the last barrier.</param>
    /// <returns>What to set aside; null: the change is skipped.</returns>
    /// <exception cref="CdcFlowException">The pipeline stops.</exception>
    public RejectedChange? Judge<T>(string node, in Change<T> change, Exception error, RejectCount count)
        where T : class
    {
        var rule = IsOfRow(error) ? rules.GetValueOrDefault(node) : OnError.Stop;
        var key = Evidences.KeyOf(change);
        if (rule == OnError.Stop)
        {
            Stop(node, change.Metadata, error, key);
        }

        var coded = error as CdcFlowException ?? TransformFailure.At(node, change.Metadata, error, key, pipeline.Name);
        var rejected = new RejectedChange
        {
            Node = node,
            Metadata = change.Metadata,
            Operation = change.Operation,
            Code = coded.Code,
            Cause = coded.Happened,
            Message = error is CdcFlowException || rule == OnError.Skip ? null : error.Message,
            Key = key,
            Row = rule == OnError.Skip ? null : Evidences.RowOf(change),
        };
        count.Add(node, rejectsMax, rejected, pipeline.Name);
        counters.Of(node).Rejected(rejected, isKept: rule == OnError.DeadLetter);
        return rule == OnError.DeadLetter ? rejected : null;
    }

    /// <summary>Whether the error is one row's, and would come again with it.</summary>
    private static bool IsOfRow(Exception error) =>
        error is CdcFlowException coded ? coded.IsOfRow && !coded.IsTransient : !Transience.IsOutage(error) && error is not OutOfMemoryException;

    private void Stop(string node, ChangeMetadata metadata, Exception error, string? key)
    {
        switch (error)
        {
            case CdcFlowException { IsOfRow: true } coded when key is not null:
                throw new CdcFlowException(coded.Code, $"{coded.Happened.TrimEnd('.')} (key {key}).", coded.Fix, coded.Domain, coded.IsTransient, coded) { IsOfRow = true };
            case CdcFlowException:
                ExceptionDispatchInfo.Throw(error);
                break;
            default:
                throw TransformFailure.At(node, metadata, error, key, pipeline.Name);
        }
    }
}
