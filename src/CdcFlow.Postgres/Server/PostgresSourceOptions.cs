using CdcFlow.Configuration;

namespace CdcFlow.Postgres.Server;

/// <summary>The attribute's values with configuration over them.</summary>
internal sealed record PostgresSourceOptions
{
    internal required Startup Startup { get; init; }

    internal required string Slot { get; init; }

    /// <summary>What to do where the slot cannot be this source's: the setting, with a name that no other connection of the pipeline has by default.</summary>
    internal required string OwnSlot { get; init; }

    internal required string Publication { get; init; }

    /// <summary>Whether the user named the publication: then it may serve others as well.</summary>
    internal required bool IsPublicationNamed { get; init; }

    internal required int ChunkRows { get; init; }

    internal required long ChunkBytes { get; init; }

    internal required int SnapshotReaders { get; init; }

    internal required TimeSpan SlotWait { get; init; }

    internal required TimeSpan Heartbeat { get; init; }

    internal required bool FailoverSlot { get; init; }

    internal required long RowBytesMax { get; init; }

    /// <summary>Where large transactions in progress are kept.</summary>
    internal required string SpillFolder { get; init; }

    /// <summary>How long reading one chunk should take: short enough to keep windows small, long enough to make its overhead vanish.</summary>
    internal TimeSpan ChunkTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Changes after which a round ends at the next transaction boundary.</summary>
    internal int RoundRows { get; init; } = 1000;

    /// <summary>Changes and bytes after which a round ends inside a transaction.</summary>
    internal int CutRows { get; init; } = 10_000;

    internal long RoundBytes { get; init; } = 4 << 20;

    /// <summary>Memory for transactions that are streamed while in progress; what is over goes to files.</summary>
    internal long StreamedBytes { get; init; } = 32 << 20;

    internal static PostgresSourceOptions Read(PostgresSourceAttribute attribute, ConnectorContext context)
    {
        var settings = context.Settings;
        var slot = settings.GetString("Slot", attribute.Slot ?? SlotNamed(context.Pipeline), ServerName.WhyNoSlot);
        var publication = settings.GetString("Publication", attribute.Publication) is null ? null : settings.GetString("Publication", attribute.Publication ?? "", ServerName.WhyNone);
        return new PostgresSourceOptions
        {
            Startup = settings.GetEnum("Startup", attribute.Startup),
            Slot = slot,
            OwnSlot = $"Give this source a slot of its own: set Slot to another name, as in CdcFlow:{context.Pipeline}:Sources:{context.Connection}:Slot={SlotNamed(context.Pipeline, context.Connection)}",
            Publication = publication ?? slot,
            IsPublicationNamed = publication is not null,
            ChunkRows = settings.GetInt32("ChunkRows", attribute.ChunkRows, 1, 1_000_000),
            ChunkBytes = settings.GetInt32("ChunkBytes", attribute.ChunkBytes, 64 << 10, 1 << 30),
            SnapshotReaders = settings.GetInt32("SnapshotReaders", attribute.SnapshotReaders, 1, 64),
            SlotWait = TimeSpan.FromSeconds(settings.GetInt32("SlotWaitSeconds", attribute.SlotWaitSeconds, 0, 3600)),
            Heartbeat = TimeSpan.FromSeconds(settings.GetInt32("HeartbeatSeconds", attribute.HeartbeatSeconds, 1, 3600)),
            FailoverSlot = settings.GetBoolean("FailoverSlot", attribute.FailoverSlot),
            RowBytesMax = settings.GetInt32("RowBytesMax", attribute.RowBytesMax, 1 << 20, 1 << 30),
            SpillFolder = settings.GetString("SpillFolder", null) ?? Path.GetTempPath(),
        };
    }

    private static string SlotNamed(params ReadOnlySpan<string> parts)
    {
        const int nameMax = 63;
        var name = "cdcflow_" + string.Join('_', parts).Replace('-', '_').ToLowerInvariant();
        return name[..Math.Min(name.Length, nameMax)];
    }
}
