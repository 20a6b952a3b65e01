using CdcFlow.Configuration;
using CdcFlow.Postgres.Source;
using CdcFlow.Sources;

namespace CdcFlow.Postgres;

/// <summary>Makes a property a source that reads one PostgreSQL table: its rows, then every change, from the server's log.</summary>
/// <remarks>
/// <para>Servers 13 to 18, <c>wal_level = logical</c>. The pipeline makes its own slot and publication where its role may, and checks both at every start.
/// Configuration overrides every value: <c>CdcFlow:{pipeline}:Sources:{connection}:{Property}</c>.</para>
/// <para>Members that name one connection share one slot and one log reader; values other than <see cref="Table"/> must agree between them.</para>
/// </remarks>
/// <param name="connection">The connection's name: <c>ConnectionStrings:{connection}</c>, in Npgsql's keywords.</param>
[SourceCapabilities(Startup.Initial, Startup.Latest, Startup.SnapshotOnly, Startup.Committed, Startup.WhenNeeded, Product = "PostgreSQL")]
[AttributeUsage(AttributeTargets.Property)]
public sealed class PostgresSourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    /// <summary>The table, as <c>schema.name</c> or <c>name</c>. Default: the row type's <c>[Table]</c>, schema <c>public</c>.</summary>
    public string? Table { get; set; }

    /// <summary>The replication slot. Default: <c>cdcflow_{pipeline}</c>, dashes as underscores.</summary>
    [ConnectionSetting]
    public string? Slot { get; set; }

    /// <summary>The publication. Default: the slot's name.</summary>
    [ConnectionSetting]
    public string? Publication { get; set; }

    /// <summary>The most rows of a snapshot chunk, 1 to 1,000,000. Fewer are read at once where rows are wide or reading is slow. Default: 65,536.</summary>
    [ConnectionSetting]
    public int ChunkRows { get; set; } = 65_536;

    /// <summary>About the most bytes of a snapshot chunk, 64 KiB to 1 GiB; several chunks are held at a time. Default: 8 MiB.</summary>
    [ConnectionSetting]
    public int ChunkBytes { get; set; } = 8 << 20;

    /// <summary>How many connections read tables at the same time, 1 to 64. Default: 2.</summary>
    [ConnectionSetting]
    public int SnapshotReaders { get; set; } = 2;

    /// <summary>Seconds to wait for a slot that another connection holds, 0 to 3600: a killed process' connection lingers. Default: 30.</summary>
    [ConnectionSetting]
    public int SlotWaitSeconds { get; set; } = 30;

    /// <summary>Seconds between checkpoint positions while no row arrives, 1 to 3600; they let the server forget log. Default: 10.</summary>
    [ConnectionSetting]
    public int HeartbeatSeconds { get; set; } = 10;

    /// <summary>Whether the slot is made to follow a failover (server 17 and later; ignored before). Default: true.</summary>
    [ConnectionSetting]
    public bool FailoverSlot { get; set; } = true;

    /// <summary>Bytes of a row, as the server sends it, beyond which the source stops (CDCF4019), 1 MiB to 1 GiB; the process needs up to seven times that memory. Default: 256 MiB.</summary>
    [ConnectionSetting]
    public int RowBytesMax { get; set; } = 256 << 20;

    /// <inheritdoc/>
    public override ISourceConnector CreateConnector(ConnectorContext context) => new PostgresSourceConnector(this, context);
}
