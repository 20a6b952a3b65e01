namespace CdcFlow;

/// <summary>What all changes of one transaction to one table share. One object stands behind all of them.</summary>
/// <remarks>Immutable; safe to share between threads.</remarks>
public sealed class ChangeOrigin
{
    /// <summary>The source's connection name, as in <c>[PostgresSource("shop")]</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The kind of source as the field calls it: <c>postgresql</c>, <c>mysql</c>, <c>memory</c>; empty where nobody said.</summary>
    public string Connector { get; init; } = "";

    /// <summary>The source's database; empty where it has none, or where the table's namespace is the database.</summary>
    public string Database { get; init; } = "";

    /// <summary>The table that the rows belong to.</summary>
    public required TableId Table { get; init; }

    /// <summary>The transaction's place in commit order; for snapshot reads, the place at which the rows are valid.</summary>
    public required ulong Transaction { get; init; }

    /// <summary>Where the transaction before this one ended in the log, of those that the source was sent; null where that is not known, as before the first,
    /// and for snapshot reads.</summary>
    public ulong? PrecedingCommit { get; init; }

    /// <summary>The source's own name of the transaction (PostgreSQL: the xid); null for snapshot reads.</summary>
    public string? TransactionId { get; init; }

    /// <summary>When the transaction committed by the source's clock; for snapshot reads, when the chunk was read.</summary>
    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>Whether two rows may have one key for a while within the transaction, since the source checks the key at its end or not at all
    /// (PostgreSQL: a <c>DEFERRABLE</c> key, or no unique index of the row type's). The changes of one key are then not the history of one row. Default: false.</summary>
    public bool KeysMayOverlap { get; init; }
}
