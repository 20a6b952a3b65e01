using CdcFlow;
using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink.Ledger;

/// <summary>Keeps the latest row of each key in a <see cref="LedgerServer"/>: exactly once. The worked example of <c>docs/how-to/write-a-sink.md</c>.</summary>
/// <param name="connection">The connection's name, and the server's.</param>
[SinkCapabilities(SinkKind.Transactional, NeedsKey = true)]
public sealed class LedgerSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new LedgerConnection(LedgerServer.Named(Connection), context.Pipeline);
}
