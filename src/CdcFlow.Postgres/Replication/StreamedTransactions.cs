using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>The transactions that are streamed while in progress. Within a limit of memory; beyond it, the largest goes to a file.</summary>
/// <param name="memoryLimit">Bytes of memory for all of them together.</param>
/// <param name="createFile">Makes an empty file that can be read and written and disappears when it is closed.</param>
/// <param name="beforeLarge">Called with where it lies, its beginning and its length before a message that is larger than a page comes back into memory.</param>
internal sealed class StreamedTransactions(long memoryLimit, Func<Stream> createFile, BeforeLargeMessage? beforeLarge = null) : IDisposable
{
    private readonly Dictionary<uint, StreamedTransaction> transactions = [];
    private long memoryBytes;

    /// <summary>How many transactions are in progress.</summary>
    internal int Count => transactions.Count;

    /// <summary>How often a transaction was spilled, for metrics.</summary>
    internal long Spills { get; private set; }

    internal void Start(uint xid)
    {
        if (!transactions.ContainsKey(xid))
        {
            transactions.Add(xid, new StreamedTransaction());
        }
    }

    internal void Append(uint xid, uint owner, Lsn at, byte type, ReadOnlySpan<byte> body)
    {
        memoryBytes += body.Length > memoryLimit / 4
            ? transactions[xid].AppendToFile(owner, at, type, body, createFile)
            : transactions[xid].Append(owner, at, type, body);
        if (memoryBytes > memoryLimit)
        {
            SpillLargest();
        }
    }

    /// <summary>Rolls back <paramref name="owner"/>: the whole transaction, or the part of it that is this subtransaction.</summary>
    internal void Abort(uint xid, uint owner)
    {
        if (!transactions.TryGetValue(xid, out var transaction))
        {
            return; // Nothing of it had been sent.
        }

        if (xid == owner)
        {
            Forget(xid, transaction);
        }
        else
        {
            transaction.AbortPart(owner);
        }
    }

    /// <summary>Hands over the committed transaction's messages in order, and forgets it.</summary>
    internal void Replay(uint xid, ReplayedMessage replay)
    {
        if (!transactions.TryGetValue(xid, out var transaction))
        {
            throw new PostgresProtocolException($"The log commits streamed transaction {xid}, which it has not sent.");
        }

        transaction.Replay(replay, beforeLarge ?? ((_, _, _) => { }));
        Forget(xid, transaction);
    }

    public void Dispose()
    {
        foreach (var transaction in transactions.Values)
        {
            transaction.Dispose();
        }

        transactions.Clear();
        memoryBytes = 0;
    }

    private void SpillLargest()
    {
        var largest = transactions.Values.MaxBy(transaction => transaction.MemoryBytes)!;
        memoryBytes -= largest.MemoryBytes;
        largest.Spill(createFile);
        Spills++;
    }

    private void Forget(uint xid, StreamedTransaction transaction)
    {
        memoryBytes -= transaction.MemoryBytes;
        transactions.Remove(xid);
        transaction.Dispose();
    }
}
