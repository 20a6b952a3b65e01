using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Writes to memory, rows and marker in one transaction: exactly once.</summary>
/// <param name="connection">The connection's name: sinks of one name and kind share one system in the process.</param>
[SinkCapabilities(SinkKind.Transactional)]
public sealed class InMemorySinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) =>
        new InMemorySinkConnection(Connection, InMemorySinkServer.Named(Connection, SinkKind.Transactional), process: null);
}
