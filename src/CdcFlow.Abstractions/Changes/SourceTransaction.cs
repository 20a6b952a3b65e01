using System.Globalization;

namespace CdcFlow;

/// <summary>One transaction of a source, made by its connector: the server's own coordinates are in here, in a type that derives from it, and nobody else reads those.
/// The rows of a snapshot read have one too, without a name.</summary>
/// <remarks>Immutable; safe to share between threads. One object stands behind all changes of the transaction, of every table.</remarks>
/// <param name="place">Its place in commit order.</param>
public class SourceTransaction(ulong place)
{
    /// <summary>The place in commit order, which grows from transaction to transaction (PostgreSQL: where its commit record begins); for snapshot reads, the place at which the rows are valid.</summary>
    public ulong Place => place;

    /// <summary>When it committed by the source's clock; for snapshot reads, when the chunk was read. The same on every replay of a transaction.</summary>
    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>The source's own name of it (PostgreSQL: the xid); null, the default, where it has none, as for snapshot reads. Made when it is asked for.</summary>
    public virtual string? Name => null;

    /// <summary>Where the transaction before this one ended in the log, of those that the source was sent; null, the default, where that is not known, as before the first,
    /// and for snapshot reads.</summary>
    public virtual ulong? PrecedingCommit => null;

    /// <summary>Where one of its events lies in the log, as the server writes places (PostgreSQL: <c>0/16B3748</c>); by default its own place, in hexadecimal.</summary>
    /// <param name="detail">The event's <see cref="ChangeMetadata.Detail"/>.</param>
    public virtual string Describe(ulong detail) => place.ToString("X", CultureInfo.InvariantCulture);
}
