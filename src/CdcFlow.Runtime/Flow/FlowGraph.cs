using CdcFlow.Rows;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Runtime.State;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Flow;

/// <summary>The nodes of one attempt and the queues between them.</summary>
internal sealed class FlowGraph(FlowCounters counters)
{
    private readonly Dictionary<INode, Inbox> inboxes = [];

    /// <summary>One node per source connection.</summary>
    public List<SourceNode> Sources { get; } = [];

    /// <summary>One node per sink connection.</summary>
    public List<SinkNode> Sinks { get; } = [];

    /// <summary>What nodes keep over restarts, one for each node that keeps something.</summary>
    public List<NodeStateKeeper> States { get; } = [];

    /// <summary>By the ids of sources, the columns that they read.</summary>
    public Dictionary<string, RowSchema> SourceSchemas { get; } = new(StringComparer.Ordinal);

    /// <summary>The sinks, each with its connection, its columns, and the id of the node whose output it takes.</summary>
    public List<FlowSink> SinkInputs { get; } = [];

    /// <summary>Every node that has a queue, in the order in which they were added.</summary>
    public IReadOnlyCollection<KeyValuePair<INode, Inbox>> Inboxes => inboxes;

    /// <summary>Everything that must be disposed, sources first.</summary>
    public IEnumerable<IAsyncDisposable> Connectors =>
        Sources.Select(source => (IAsyncDisposable)source.Connector).Concat(Sinks.Select(node => node.Sink));

    /// <summary>The counter of a node.</summary>
    public NodeCounter CounterOf(string nodeId) => counters.Of(nodeId);

    /// <summary>Makes the output of a node whose rows are those that it takes, or of a source.</summary>
    public Outlet NewOutlet(string nodeId) => new(counters.Of(nodeId));

    /// <summary>Makes the output of a node that takes rows of one type and gives rows of another, or of the same.</summary>
    public Outlet NewOutlet<TIn, TOut>(string nodeId) => new(counters.Of(nodeId), endsSchemas: typeof(TIn) != typeof(TOut));

    /// <summary>Lets a sink of a connection take an output; it counts under its own name.</summary>
    public void ConnectSink(SinkNode node, string name, Outlet input) => input.ConnectTo(inboxes[node], counters.Of(name));

    /// <summary>Adds a node and feeds it from the outlets.</summary>
    public Inbox Add(INode node, params ReadOnlySpan<Outlet> inputs)
    {
        var inbox = new Inbox(counters.Of(node.Id));
        inboxes.Add(node, inbox);
        foreach (var input in inputs)
        {
            input.ConnectTo(inbox, counters.Of(node.Id));
        }

        return inbox;
    }

    /// <summary>Adds a sink connection's node.</summary>
    public void AddSink(SinkNode node)
    {
        Sinks.Add(node);
        counters.Of(node.Id).MarkSinkConnection();
        Add(node);
    }

    /// <summary>The connection of that name.</summary>
    public ISinkConnection SinkOf(string connection) => Sinks.Single(node => node.Connection == connection).Sink;
}

/// <summary>A sink of the attempt.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">Its connection.</param>
/// <param name="Schema">The columns of its rows.</param>
/// <param name="Sources">The ids of the sources whose changes come to it.</param>
/// <param name="From">The id of the node whose output it takes.</param>
/// <param name="IsShared">Whether it says that other sinks write where it does.</param>
internal sealed record FlowSink(string Name, SinkNode Node, RowSchema Schema, IReadOnlyList<string> Sources, string From, bool IsShared);
