using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The snapshot of a pass, as its first reader took it.</summary>
/// <param name="Name">Its name on the server, by which others share it while the first reader's transaction lasts.</param>
/// <param name="Seen">What it shows.</param>
/// <param name="High">The place in the log from which on its rows may be handed over.</param>
/// <param name="Ranges">What is left to read.</param>
internal sealed record PassSnapshot(string Name, TransactionSnapshot Seen, Lsn High, BlockRanges Ranges);
