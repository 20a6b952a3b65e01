using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Writes to memory, at once: after a crash readers see some changes twice.</summary>
/// <param name="connection">The connection's name: sinks of one name and kind share one system in the process.</param>
[SinkCapabilities(SinkKind.AtLeastOnce)]
public sealed class InMemoryAtLeastOnceSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) =>
        new InMemorySinkConnection(Connection, InMemorySinkServer.Named(Connection, SinkKind.AtLeastOnce), process: null);
}
