using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Writes to memory, aside until the checkpoint publishes it: exactly once.</summary>
/// <param name="connection">The connection's name: sinks of one name and kind share one system in the process.</param>
[SinkCapabilities(SinkKind.Staged)]
public sealed class InMemoryStagedSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) =>
        new InMemorySinkConnection(Connection, InMemorySinkServer.Named(Connection, SinkKind.Staged), process: null);
}
