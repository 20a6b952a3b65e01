using System.Collections.Concurrent;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Threads with a connection each, which read chunks for the log's reader.</summary>
internal sealed class SnapshotReaders : IDisposable
{
    private readonly BlockingCollection<SnapshotWork> todo = [];
    private readonly ConcurrentQueue<SnapshotWork> done = new();
    private readonly CancellationTokenSource stopping;
    private readonly Func<CancellationToken, PostgresConnection> open;
    private readonly WaitWatch waits;
    private readonly Action wake;
    private readonly Thread[] threads;
    private volatile Exception? failure;
    private int outstanding;
    private bool isDisposed;

    /// <param name="count">How many.</param>
    /// <param name="open">Opens a connection that closes when the token is cancelled.</param>
    /// <param name="waits">Looks after work that takes long.</param>
    /// <param name="wake">Called after each piece of work, from any thread: the log's reader should look.</param>
    /// <param name="stopping">Ends all.</param>
    internal SnapshotReaders(int count, Func<CancellationToken, PostgresConnection> open, WaitWatch waits, Action wake, CancellationToken stopping)
    {
        this.open = open;
        this.waits = waits;
        this.wake = wake;
        this.stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Count = count;
        threads = [.. Enumerable.Range(1, count).Select(number => new Thread(Run) { IsBackground = true, Name = $"cdcflow snapshot {number}" })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    internal int Count { get; }

    /// <summary>Work submitted and not taken back.</summary>
    internal int Outstanding => outstanding;

    internal void Submit(SnapshotWork work)
    {
        outstanding++;
        todo.Add(work);
    }

    /// <summary>Work that is done, if any.</summary>
    /// <exception cref="Exception">What broke a reader.</exception>
    internal bool TryTake(out SnapshotWork? work)
    {
        if (failure is { } broken)
        {
            throw broken;
        }

        var isTaken = done.TryDequeue(out work);
        outstanding -= isTaken ? 1 : 0;
        return isTaken;
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        stopping.Cancel();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        todo.Dispose();
        stopping.Dispose();
    }

    private void Run()
    {
        using var reader = new SnapshotReader(todo, open, waits, stopping.Token);
        try
        {
            while (true)
            {
                done.Enqueue(reader.DoNext());
                wake();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ended from outside.
        }
        catch (Exception e)
        {
            failure = e;
            wake();
        }
    }
}
