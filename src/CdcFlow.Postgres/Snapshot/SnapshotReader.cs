using System.Collections.Concurrent;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>One snapshot reader: a connection, on which a piece of work is read while the next one is asked already.</summary>
/// <remarks>Touched by one thread; calls block.</remarks>
/// <param name="todo">The work of all readers.</param>
/// <param name="open">Opens a connection that closes when the token is cancelled.</param>
/// <param name="waits">Looks after work that takes long.</param>
/// <param name="stopping">Ends all.</param>
internal sealed class SnapshotReader(
    BlockingCollection<SnapshotWork> todo, Func<CancellationToken, PostgresConnection> open, WaitWatch waits, CancellationToken stopping) : IDisposable
{
    private PostgresConnection? connection;
    private SnapshotWork? next;
    private bool isNextAsked;

    /// <summary>Waits for a piece of work and does it.</summary>
    internal SnapshotWork DoNext()
    {
        var work = Take();
        AskBehind(work);
        var busy = connection!;
        if (!waits.Watch(busy, "Reading a table", () => work.Execute(busy)))
        {
            Dispose();
            (connection, isNextAsked) = (null, false);
        }

        return work;
    }

    public void Dispose() => connection?.Dispose();

    private SnapshotWork Take()
    {
        var work = next ?? todo.Take(stopping);
        if (!isNextAsked)
        {
            connection ??= open(stopping);
            work.Ask(connection);
        }

        (next, isNextAsked) = (null, false);
        return work;
    }

    private void AskBehind(SnapshotWork work)
    {
        if (work.IsAskedAtOnce && todo.TryTake(out next) && next.IsSmall)
        {
            next.Ask(connection!);
            isNextAsked = true;
        }
    }
}
