using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow;

/// <summary>Sends a node's output to a sink; stands on the node's member. Connectors derive from it.</summary>
/// <remarks>Sinks that name one connection share one <see cref="ISinkConnection"/> and its transaction. A third party ships a sink as one
/// class that derives from this one, with <see cref="SinkCapabilitiesAttribute"/> on it; it needs nothing else.</remarks>
/// <param name="connection">The connection's name: <c>ConnectionStrings:{connection}</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Method, AllowMultiple = true)]
public abstract class SinkAttribute(string connection) : Attribute
{
    /// <summary>The connection's name.</summary>
    public string Connection { get; } = connection;

    /// <summary>The sink's name, unique in the pipeline: <c>CdcFlow:{pipeline}:Sinks:{name}</c>. Default: the connection's name.</summary>
    public string? Name { get; set; }

    /// <summary>Says that other sinks of the pipeline write to the same place (table, topic, folder) on purpose, and that this is sound: of a place that keeps one row or
    /// record per key, no two of them ever write the same key. Each of these sinks must say it. Default: false, and a place that two sinks write to is refused.</summary>
    public bool Shared { get; set; }

    /// <summary>Where the sink stands on a route: the branch to take, a member of its enum.</summary>
    public object? When { get; set; }

    /// <summary>Makes the connection that serves every sink naming it; called on the first of their attributes.</summary>
    public abstract ISinkConnection CreateConnection(ConnectorContext context);
}
