using CdcFlow.Configuration;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>Makes connectors for the connections that a pipeline names: the host binds configuration, a test puts in its own.</summary>
/// <remarks>Asked anew for each attempt; the runtime disposes what it gets.</remarks>
public interface IConnectorResolver
{
    /// <summary>Makes the connector of a source connection. Asked once per connection.</summary>
    /// <param name="attribute">The first attribute that names the connection.</param>
    ISourceConnector Source(CdcSourceAttribute attribute);

    /// <summary>Makes the connection of sinks. Asked once per connection.</summary>
    /// <param name="attribute">The first attribute that names the connection.</param>
    /// <param name="settings">That sink's settings.</param>
    ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings);

    /// <summary>The settings of one sink, <c>CdcFlow:{pipeline}:Sinks:{name}</c>.</summary>
    ConnectorSettings SinkSettings(string name) => ConnectorSettings.None;

    /// <summary>The settings of one node, <c>CdcFlow:{pipeline}:Nodes:{id}</c>.</summary>
    ConnectorSettings NodeSettings(string nodeId) => ConnectorSettings.None;

    /// <summary>All connectors of the attempt are made, and nothing is opened yet.</summary>
    /// <exception cref="CdcFlowException">The configuration is wrong; says all that is.</exception>
    void Complete()
    {
    }
}
