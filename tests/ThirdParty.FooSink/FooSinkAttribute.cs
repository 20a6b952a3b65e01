using CdcFlow;
using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink;

/// <summary>Keeps the latest row of each key in a <see cref="FooTable"/>. Everything a sink of one's own needs is in this folder.</summary>
/// <param name="connection">The connection's name, and the table's.</param>
[SinkCapabilities(SinkKind.Idempotent, NeedsKey = true)]
public sealed class FooSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new FooConnection(FooTable.Named(Connection));
}
