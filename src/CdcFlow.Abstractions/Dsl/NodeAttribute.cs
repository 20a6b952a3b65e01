namespace CdcFlow;

/// <summary>What all nodes that have an input share.</summary>
public abstract class NodeAttribute : Attribute
{
    /// <summary>The node whose output this one takes: <c>nameof</c> of a member. May be left out when exactly one node
    /// produces the type that the method takes.</summary>
    public string? From { get; set; }

    /// <summary>Where <see cref="From"/> is a route: the branch to take, a member of its enum. Without it, every branch.</summary>
    public object? When { get; set; }

    /// <summary>What to say downstream about a row that passed before and does not any more. Default: <see cref="OnDrop.Retract"/>.</summary>
    public OnDrop OnDrop { get; set; } = OnDrop.Retract;

    /// <summary>Stands for what the method calls, which no start can see: another text says that the same row may come out otherwise, as if the method itself had
    /// changed. Default: none.</summary>
    public string? Version { get; set; }

    /// <summary>For asynchronous methods: how many changes are worked on at once. Default 1. Overridden by
    /// <c>CdcFlow:{pipeline}:Nodes:{node}:MaxConcurrency</c>.</summary>
    public int MaxConcurrency { get; set; } = 1;

    /// <summary>For asynchronous methods: which order holds between them.</summary>
    public Ordering Ordering { get; set; }

    /// <summary>What becomes of a change that the method throws on. Default: <see cref="OnError.Stop"/>. Overridden by
    /// <c>CdcFlow:{pipeline}:Nodes:{node}:OnError</c>.</summary>
    public OnError OnError { get; set; }
}
