using System.Globalization;
using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source;

/// <summary>Says of one table's changes where they come from.</summary>
/// <param name="Source">The connection's name.</param>
/// <param name="Database">The database.</param>
/// <param name="Table">The table.</param>
internal sealed record TableOrigins(string Source, string Database, TableId Table)
{
    private const string Connector = "postgresql";

    /// <summary>Whether the table has no key that the server checks with each row.</summary>
    internal bool KeysMayOverlap { get; init; }

    /// <summary>The origin of rows that a snapshot read, or of a truncate of the source's own making.</summary>
    internal ChangeOrigin Read(Lsn at, DateTimeOffset now) =>
        new() { Source = Source, Connector = Connector, Database = Database, Table = Table, Transaction = at.Value, CommittedAt = now };

    /// <summary>The origin of a transaction's changes.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="preceding">Where the one before it ended; null: not known.</param>
    internal ChangeOrigin Logged(BeginMessage transaction, Lsn? preceding) => new()
    {
        Source = Source,
        Connector = Connector,
        Database = Database,
        Table = Table,
        Transaction = transaction.CommitLsn.Value,
        PrecedingCommit = preceding?.Value,
        TransactionId = transaction.Xid.ToString(CultureInfo.InvariantCulture),
        CommittedAt = transaction.CommitTime,
        KeysMayOverlap = KeysMayOverlap,
    };
}
