using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Writes to memory, each row by its key and version: repeating a write changes nothing.</summary>
/// <param name="connection">The connection's name: sinks of one name and kind share one system in the process.</param>
[SinkCapabilities(SinkKind.Idempotent)]
public sealed class InMemoryIdempotentSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) =>
        new InMemorySinkConnection(Connection, InMemorySinkServer.Named(Connection, SinkKind.Idempotent), process: null);
}
