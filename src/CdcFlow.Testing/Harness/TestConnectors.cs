using System.Reflection;
using CdcFlow.Configuration;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Puts in-memory connectors in the place of the real ones, each sink of the same kind as the real one.</summary>
/// <param name="world">What the connectors connect to.</param>
/// <param name="process">The process that they die with.</param>
/// <param name="crash">Where it shall die.</param>
/// <param name="options">How sources read.</param>
internal sealed class TestConnectors(TestWorld world, SimulatedProcess process, CrashPlan crash, InMemorySourceOptions options) : IConnectorResolver
{
    /// <summary>The living sink sessions, by connection.</summary>
    public Dictionary<string, InMemorySinkConnection> Sessions { get; } = new(StringComparer.Ordinal);

    public ISourceConnector Source(CdcSourceAttribute attribute)
    {
        var connector = new InMemorySourceConnector(
            attribute.Connection, "the pipeline under test", world.Database(attribute.Connection), options with { Startup = attribute.Startup }, process);
        return new CrashingSource(attribute.Connection, connector, world, process, crash);
    }

    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings)
    {
        var kind = attribute.GetType().GetCustomAttribute<SinkCapabilitiesAttribute>()?.Kind ?? SinkKind.AtLeastOnce;
        var server = world.Server(attribute.Connection, kind);
        var session = new InMemorySinkConnection(attribute.Connection, server, process);
        Sessions[attribute.Connection] = session;
        return new CrashingSink(attribute.Connection, session, world, server, process, crash);
    }
}
