using CdcFlow.Runtime.Nodes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Flow;

/// <summary>The nodes of one attempt and the queues between them.</summary>
internal sealed class FlowGraph
{
    private readonly Dictionary<INode, Inbox> inboxes = [];

    /// <summary>One node per source connection.</summary>
    public List<SourceNode> Sources { get; } = [];

    /// <summary>One node per sink connection.</summary>
    public List<SinkNode> Sinks { get; } = [];

    /// <summary>Every node that has a queue, in the order in which they were added.</summary>
    public IReadOnlyCollection<KeyValuePair<INode, Inbox>> Inboxes => inboxes;

    /// <summary>Everything that must be disposed, sources first.</summary>
    public IEnumerable<IAsyncDisposable> Connectors =>
        Sources.Select(source => (IAsyncDisposable)source.Connector).Concat(Sinks.Select(node => node.Sink));

    /// <summary>Adds a node and feeds it from the outlets.</summary>
    public Inbox Add(INode node, params ReadOnlySpan<Outlet> inputs)
    {
        var inbox = new Inbox();
        inboxes.Add(node, inbox);
        foreach (var input in inputs)
        {
            input.ConnectTo(inbox);
        }

        return inbox;
    }

    /// <summary>Adds a sink connection's node.</summary>
    public void AddSink(SinkNode node)
    {
        Sinks.Add(node);
        Add(node);
    }

    /// <summary>The connection of that name.</summary>
    public ISinkConnection SinkOf(string connection) => Sinks.Single(node => node.Connection == connection).Sink;

    /// <summary>The queue of a node.</summary>
    public Inbox InboxOf(INode node) => inboxes[node];
}
