using System.Text.Json;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>Which server, database and slot a state belongs to: it means nothing elsewhere.</summary>
/// <param name="SystemIdentifier">The cluster's, made by initdb.</param>
/// <param name="Timeline">The timeline that the state's places in the log are of; changes at a promotion.</param>
/// <param name="Database">The database.</param>
/// <param name="Slot">The slot's name.</param>
/// <param name="SlotCreatedAt">The place in the log where the slot began: a slot made anew begins later.</param>
internal sealed record SourceIdentity(string SystemIdentifier, uint Timeline, string Database, string Slot, Lsn SlotCreatedAt);

/// <summary>The place inside a transaction that was handed over in parts.</summary>
/// <param name="CommitLsn">The transaction.</param>
/// <param name="Event">The first of its events that is not handed over yet.</param>
internal readonly record struct TransactionPart(Lsn CommitLsn, int Event);

/// <summary>From where the source goes on.</summary>
/// <param name="Identity">The server.</param>
/// <param name="ResumeAt">Every transaction that ends in the log at or before this is handed over, and none beyond except <paramref name="Inside"/>.</param>
/// <param name="Inside">The transaction after <paramref name="ResumeAt"/> of which some is handed over; null: none.</param>
/// <param name="Tables">Snapshot progress, one entry per table ever read.</param>
/// <param name="Schemas">Each table as the log last described it.</param>
internal sealed record PostgresSourceState(
    SourceIdentity Identity, Lsn ResumeAt, TransactionPart? Inside,
    IReadOnlyList<TableSnapshotState> Tables, IReadOnlyDictionary<TableId, TableSchema> Schemas) : SourceState
{
    /// <summary>A place behind all that was handed over, also of a transaction in part, and of values that were read ahead.</summary>
    internal Lsn ReadUpTo => Tables.Select(table => table.ReselectedUpTo ?? default)
        .Append(Begun is { } begun ? new Lsn(begun.CommitLsn.Value + 1) : ResumeAt).Max();

    /// <summary>The transaction that is handed over in part; null: none is.</summary>
    internal TransactionPart? Begun => Inside is { } inside && inside.CommitLsn >= ResumeAt ? inside : null;

    /// <summary>Where the last transaction ended that came before <see cref="Inside"/>; null: none came, or the version that wrote the state did not say.</summary>
    internal Lsn? LastCommitEnd { get; init; }

    /// <summary>The publication that published it; null in checkpoints of 0.1.</summary>
    internal PublicationMark? Publication { get; init; }

    /// <summary>What was left out of the log by order, the newest last; only the newest are remembered.</summary>
    internal IReadOnlyList<SkippedLog> Skipped { get; init; } = [];

    /// <summary>The last request to read tables again that was taken; null: none was.</summary>
    internal string? Resnapshot { get; init; }

    internal bool IsSnapshotComplete => Tables.All(table => table.IsComplete);

    public override void WriteTo(Utf8JsonWriter writer) => SourceStateJson.Write(writer, this);

    /// <summary>Reads a checkpoint's part.</summary>
    /// <exception cref="CdcFlowException">CDCF4047: another version's, or not this source's at all.</exception>
    internal static PostgresSourceState Read(JsonElement json) => SourceStateJson.Read(json);
}
