using System.Globalization;
using CdcFlow.Capture;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>What <c>pg_current_snapshot()</c> says: which transactions a statement sees.</summary>
/// <remarks>The log gives 32-bit ids, the snapshot 64-bit ones; an id lies within two thousand million of the snapshot's, so it is widened towards it.</remarks>
internal sealed class TransactionSnapshot : ISeenTransactions
{
    private readonly ulong xmin;
    private readonly ulong xmax;
    private readonly HashSet<ulong> inProgress;

    private TransactionSnapshot(ulong xmin, ulong xmax, HashSet<ulong> inProgress)
    {
        this.xmin = xmin;
        this.xmax = xmax;
        this.inProgress = inProgress;
    }

    /// <summary>Whether every transaction up to this id has ended, visibly.</summary>
    internal bool IsPast(ulong transaction) => xmin > transaction;

    /// <summary>Reads the server's form, <c>xmin:xmax:xip,xip,…</c>.</summary>
    internal static TransactionSnapshot Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length != 3)
        {
            throw new PostgresProtocolException($"'{text}' is no snapshot.");
        }

        var inProgress = parts[2].Length == 0 ? [] : parts[2].Split(',').Select(Number).ToHashSet();
        return new TransactionSnapshot(Number(parts[0]), Number(parts[1]), inProgress);
    }

    public bool Contains(ulong transaction)
    {
        var xid = Widen((uint)transaction);
        return xid < xmin || (xid < xmax && !inProgress.Contains(xid));
    }

    public bool Covers(ISeenTransactions other) =>
        other is TransactionSnapshot earlier && xmin >= earlier.xmin && xmax >= earlier.xmax
        && inProgress.All(xid => xid >= earlier.xmax || earlier.inProgress.Contains(xid));

    private ulong Widen(uint xid) => xmax + (ulong)(long)(int)(xid - (uint)xmax);

    internal static ulong Number(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new PostgresProtocolException($"'{text}' is no transaction id.");
}
