using CdcFlow.Configuration;
using CdcFlow.Sources;

namespace CdcFlow.Testing;

/// <summary>Reads an <see cref="InMemoryDatabase"/>: for quickstarts and tests, no server needed.</summary>
/// <param name="connection">The database's name: <see cref="InMemoryDatabase.Named"/>.</param>
[SourceCapabilities(Startup.Initial, Startup.Latest, Startup.Earliest, Startup.SnapshotOnly, Startup.Committed)]
public sealed class InMemorySourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    /// <summary>Snapshot rows handed over at once. Default 1000.</summary>
    public int ChunkRows { get; set; } = InMemorySourceOptions.Default.ChunkRows;

    /// <summary>Changes of the log handed over at once; a larger transaction is cut inside. Default 1000.</summary>
    public int RoundChanges { get; set; } = InMemorySourceOptions.Default.RoundChanges;

    /// <inheritdoc/>
    public override ISourceConnector CreateConnector(ConnectorContext context)
    {
        var options = InMemorySourceOptions.Default with
        {
            Startup = context.Settings.GetEnum(nameof(Startup), Startup),
            ChunkRows = context.Settings.GetInt32(nameof(ChunkRows), ChunkRows, min: 1),
            RoundChanges = context.Settings.GetInt32(nameof(RoundChanges), RoundChanges, min: 1),
        };
        return new InMemorySourceConnector(Connection, context.Pipeline, InMemoryDatabase.Named(Connection), options, process: null);
    }
}
