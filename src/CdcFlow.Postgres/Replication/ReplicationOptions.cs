using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>What to stream, from where, and how often to report.</summary>
/// <param name="Slot">The replication slot.</param>
/// <param name="Publications">The publications, at least one.</param>
/// <param name="Start">Where to start; the server starts at the slot's confirmed position if that is later.</param>
/// <param name="ServerVersion">The server's major version: from 14 on, transactions in progress are streamed and messages sent.</param>
internal sealed record ReplicationOptions(string Slot, IReadOnlyList<string> Publications, Lsn Start, int ServerVersion)
{
    /// <summary>How often the confirmed position is reported, asked or not. Must be well below the server's <c>wal_sender_timeout</c>.</summary>
    internal TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether big transactions come while they are still in progress, so that the server need not spill them to its disk.</summary>
    internal bool StreamsInProgress { get; init; } = ServerVersion >= 14;

    internal string Command
    {
        get
        {
            var version = ServerVersion >= 14 ? 2 : 1;
            var publications = string.Join(',', Publications.Select(SqlText.Identifier));
            var command = string.Create(
                CultureInfo.InvariantCulture,
                $"START_REPLICATION SLOT {SqlText.Identifier(Slot)} LOGICAL {Start} (proto_version '{version}', publication_names {SqlText.Literal(publications)}");
            return command + (ServerVersion >= 14 ? ", messages 'true'" : "") + (StreamsInProgress ? ", streaming 'on'" : "") + ")";
        }
    }
}
