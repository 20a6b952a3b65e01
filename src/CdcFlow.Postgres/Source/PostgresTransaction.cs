using System.Globalization;
using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source;

/// <summary>A place in the log that rows are valid at which a snapshot read.</summary>
/// <param name="at">The place.</param>
internal class PostgresPlace(Lsn at) : SourceTransaction(at.Value)
{
    public override string Describe(ulong detail) => new Lsn(detail == 0 ? Place : detail).ToString();
}

/// <summary>A transaction of the log, with the server's coordinates.</summary>
/// <param name="begin">How the log begins it.</param>
/// <param name="preceding">Where the one before it ended; null: not known.</param>
internal sealed class PostgresTransaction(in BeginMessage begin, Lsn? preceding) : PostgresPlace(begin.CommitLsn)
{
    private readonly Lsn precedingEnd = preceding ?? default; // none ends at the log's first byte

    /// <summary>Its 32-bit top-level transaction id.</summary>
    internal uint Xid { get; } = begin.Xid;

    /// <summary>Where its commit record begins.</summary>
    internal Lsn CommitLsn => new(Place);

    public override string? Name => Xid.ToString(CultureInfo.InvariantCulture);

    public override ulong? PrecedingCommit => precedingEnd == default ? null : precedingEnd.Value;
}
