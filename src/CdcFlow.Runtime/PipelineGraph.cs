namespace CdcFlow.Runtime;

/// <summary>The shape of a pipeline, known without opening anything.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Delivery">What it promises.</param>
/// <param name="Nodes">Its nodes, sources first.</param>
/// <param name="Edges">Who feeds whom.</param>
public sealed record PipelineGraph(string Name, Delivery Delivery, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>The shape as a Mermaid flowchart.</summary>
    public string ToMermaid() => GraphDrawing.Mermaid(this);

    /// <summary>The shape for Graphviz.</summary>
    public string ToDot() => GraphDrawing.Dot(this);
}

/// <summary>A node of the user's graph; several may run fused.</summary>
/// <param name="Id">The node's id: the member's name, or that of its <see cref="NodeIdAttribute"/>; for a sink, the sink's name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="RowType">The row type that it gives (a sink: takes), as the user writes it.</param>
/// <param name="Detail">For sources and sinks, connector and connection, such as <c>PostgresSource shop</c>; else null.</param>
/// <param name="LeavesTransactions">For a sink, whether a transaction of a dead instance stays open at its server
/// (<see cref="SinkCapabilitiesAttribute.LeavesTransactions"/>); <see cref="PipelineRunner.AbortOrphansAsync"/> ends it.</param>
/// <param name="NeedsOldRow">Whether it stops at an update or delete that does not carry the whole old row: a fan-out that takes back what it made of it.</param>
/// <param name="OnError">What becomes of a change that its method throws on, unless the configuration says otherwise.</param>
public sealed record GraphNode(
    string Id, GraphNodeKind Kind, string RowType, string? Detail = null, bool LeavesTransactions = false, bool NeedsOldRow = false, OnError OnError = OnError.Stop)
{
    /// <summary>For a method, a hash of what it makes of a row: another one says that its rows may be others. Null where that is not known, as in a graph that was built by hand.</summary>
    public string? Content { get; init; }

    /// <summary>For a method, whether it takes the whole change and asks by itself which of its values are there; if not, it stops at one that lacks a value which it may look at.</summary>
    public bool TakesChange { get; init; }

    /// <summary>For a method, the properties of its row that it may look at; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
}

/// <summary>Rows flow from one node to another.</summary>
/// <param name="From">The giving node's id.</param>
/// <param name="To">The taking node's id.</param>
/// <param name="When">For an edge out of a route, the label that it takes; else null.</param>
public sealed record GraphEdge(string From, string To, string? When = null);

/// <summary>What a node does.</summary>
public enum GraphNodeKind
{
    /// <summary>Reads a table.</summary>
    Source,

    /// <summary>Keeps or drops rows.</summary>
    Filter,

    /// <summary>Makes rows into other rows.</summary>
    Transform,

    /// <summary>Sends each row one way.</summary>
    Route,

    /// <summary>Unites streams.</summary>
    Merge,

    /// <summary>Writes rows.</summary>
    Sink,
}
