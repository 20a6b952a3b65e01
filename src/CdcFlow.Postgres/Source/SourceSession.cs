using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source.Watch;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Source;

/// <summary>What one run of the source works with, once server, slot and tables have been looked at.</summary>
/// <param name="Options">The options.</param>
/// <param name="Start">From where the run begins.</param>
/// <param name="Tables">The tables, by name.</param>
/// <param name="Watch">Looks for what the log does not tell.</param>
/// <param name="Unreadable">What becomes of rows that cannot be read.</param>
/// <param name="Abandoned">The ways past log that cannot be read.</param>
/// <param name="Types">The database's types.</param>
/// <param name="Spill">Where large transactions in progress go.</param>
/// <param name="Time">The clock.</param>
/// <param name="StartsOver">Whether downstream must begin with empty tables.</param>
/// <param name="Stopping">Ends the run.</param>
internal sealed record SourceSession(
    PostgresSourceOptions Options, PostgresSourceState Start, Dictionary<TableId, SourceTable> Tables, CatalogWatch Watch, UnreadableRows Unreadable, AbandonedLog Abandoned,
    PostgresTypeCatalog Types, SpillFolder Spill, TimeProvider Time, bool StartsOver, CancellationToken Stopping)
{
    /// <summary>The state at the place in the log that a router has come to. What has not changed since the last one is shared with it.</summary>
    internal PostgresSourceState State(PostgresSourceState last, TransactionRouter router) => last with
    {
        ResumeAt = router.Delivered,
        Inside = router.Inside,
        LastCommitEnd = router.LastCommitEnd,
        Tables = last.Tables.SequenceEqual(Tables.Values.Select(table => table.State)) ? last.Tables : [.. Tables.Values.Select(table => table.State)],
        Schemas = Tables.Values.All(table => last.Schemas.TryGetValue(table.Definition.Id, out var known) && ReferenceEquals(known, table.Binding.Schema))
            ? last.Schemas
            : Tables.Values.ToDictionary(table => table.Definition.Id, table => table.Binding.Schema),
    };

    /// <summary>Empties downstream where rows that were handed over before cannot be told from those to come.</summary>
    internal void StartOver(RoundBuilder round, Lsn delivered)
    {
        foreach (var table in Tables.Values.Where(table => StartsOver || table.StartsOver || table.Snapshot?.BeginsAnew is not null))
        {
            table.Empty(delivered, Time.GetUtcNow());
        }

        round.CloseBatches();
    }
}
