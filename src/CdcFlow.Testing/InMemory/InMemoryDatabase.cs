using System.Collections.Concurrent;

namespace CdcFlow.Testing;

/// <summary>A database in memory, for <see cref="InMemorySourceAttribute"/>: tables, transactions, and the log of them that a source reads.</summary>
/// <remarks>
/// It outlives the pipelines that read it, as a server does: a source restored from a checkpoint reads again from there, and log that was
/// confirmed is gone. Thread-safe.
/// </remarks>
public sealed class InMemoryDatabase
{
    private static readonly ConcurrentDictionary<string, InMemoryDatabase> named = new(StringComparer.Ordinal);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly List<LoggedTransaction> log = [];
    private readonly Dictionary<Type, InitialRows> initial = [];
    private readonly List<ulong> confirmations = [];
    private readonly List<TaskCompletionSource> waiting = [];
    private long version;
    private readonly Dictionary<string, (int Session, ulong Confirmed)> readers = new(StringComparer.Ordinal);
    private ulong lost;

    /// <summary>Makes an empty database.</summary>
    /// <param name="time">Its clock, for commit times; the system's when null.</param>
    public InMemoryDatabase(TimeProvider? time = null) => this.time = time ?? TimeProvider.System;

    /// <summary>The number of the newest transaction; 0 before the first.</summary>
    public ulong Head
    {
        get
        {
            lock (gate)
            {
                return (ulong)log.Count;
            }
        }
    }

    /// <summary>What readers confirmed, in order: each time, the transaction up to which they need the log no more.</summary>
    public IReadOnlyList<ulong> Confirmations
    {
        get
        {
            lock (gate)
            {
                return [.. confirmations];
            }
        }
    }

    /// <summary>How many <see cref="Confirmations"/> there are; cheap.</summary>
    internal int ConfirmationCount => confirmations.Count;

    /// <summary>The database behind every <c>[InMemorySource]</c> of this name in the process.</summary>
    public static InMemoryDatabase Named(string connection) => named.GetOrAdd(connection, _ => new InMemoryDatabase());

    /// <summary>Adds rows that the table of <typeparamref name="T"/> had before the log began: its snapshot reads them.</summary>
    public InMemoryDatabase Snapshot<T>(params IReadOnlyList<T> rows)
        where T : class => ChangeInitial<T>(table => table.Rows.AddRange(rows));

    /// <summary>The table of <typeparamref name="T"/> has no further initial rows: its snapshot can complete.</summary>
    public InMemoryDatabase EndSnapshot<T>()
        where T : class => ChangeInitial<T>(table => table.IsComplete = true);

    /// <summary>Commits a transaction.</summary>
    public InMemoryDatabase Transaction(Action<InMemoryTransaction> write)
    {
        var transaction = new InMemoryTransaction();
        write(transaction);
        Change(() => log.Add(new LoggedTransaction((ulong)log.Count + 1, time.GetUtcNow(), transaction.Events)));
        return this;
    }

    /// <summary>Loses the whole log up to now, as a server does whose retention is too short: a source whose state is older cannot go on.</summary>
    public void LoseLog() => Change(() => lost = (ulong)log.Count);

    /// <summary>The rows of <typeparamref name="T"/>'s table now.</summary>
    /// <param name="key">The row's key.</param>
    public IReadOnlyDictionary<object, T> Rows<T>(Func<T, object> key)
        where T : class => Fold(key, ulong.MaxValue);

    /// <summary>The rows of the table after a transaction.</summary>
    internal Dictionary<object, T> Fold<T>(Func<T, object> key, ulong upTo)
        where T : class
    {
        lock (gate)
        {
            var rows = (initial.GetValueOrDefault(typeof(T))?.Rows ?? []).Cast<T>().ToDictionary(key);
            foreach (var logged in log.TakeWhile(transaction => transaction.Number <= upTo).SelectMany(transaction => transaction.Events))
            {
                if (logged.RowType == typeof(T))
                {
                    Apply(rows, logged, key);
                }
            }

            return rows;
        }
    }

    /// <summary>The columns of a table at a place in the log; empty where nothing has told them yet.</summary>
    internal IReadOnlyList<string> Columns(Type rowType, SourceOffset at)
    {
        lock (gate)
        {
            return log.Take((int)at.Transaction)
                .SelectMany(transaction => transaction.Number < at.Transaction ? transaction.Events : transaction.Events.Take(at.Event + 1))
                .LastOrDefault(logged => logged.RowType == rowType && logged.Columns is not null)?.Columns ?? [];
        }
    }

    internal (IReadOnlyList<T> Rows, bool IsComplete) InitialRows<T>()
        where T : class
    {
        lock (gate)
        {
            return initial.GetValueOrDefault(typeof(T)) is { } table ? ([.. table.Rows.Cast<T>()], table.IsComplete) : ([], false);
        }
    }

    /// <summary>The transaction of a number, from 1; null when it has not been committed yet.</summary>
    internal LoggedTransaction? Read(ulong number)
    {
        lock (gate)
        {
            return number > 0 && number <= (ulong)log.Count ? log[(int)number - 1] : null;
        }
    }

    /// <summary>A reader begins and ends the session of an earlier one of its name, as MySQL does with a replica's.</summary>
    /// <returns>The number of its session.</returns>
    internal int TakeOver(string reader)
    {
        lock (gate)
        {
            var (session, confirmed) = readers.GetValueOrDefault(reader);
            readers[reader] = (session + 1, confirmed);
            return session + 1;
        }
    }

    /// <summary>The newest transaction up to which the log is gone for a reader: confirmed by it, or lost.</summary>
    internal ulong ForgottenBy(string reader)
    {
        lock (gate)
        {
            return Math.Max(lost, readers.GetValueOrDefault(reader).Confirmed);
        }
    }

    /// <summary>A session was taken over by a newer one of its reader.</summary>
    /// <exception cref="CdcFlowException">It was.</exception>
    internal void ThrowIfReplaced(string reader, int session)
    {
        lock (gate)
        {
            if (readers.GetValueOrDefault(reader).Session != session)
            {
                throw new CdcFlowException(
                    InMemoryErrorCodes.ReaderReplaced, $"Another instance of '{reader}' reads the database now.",
                    "Run one instance; the one that holds the lease goes on by itself.", ErrorDomain.External, isTransient: true);
            }
        }
    }

    internal void Confirm(string reader, int session, ulong transaction)
    {
        lock (gate)
        {
            ThrowIfReplaced(reader, session);
            readers[reader] = (session, Math.Max(readers[reader].Confirmed, transaction));
            confirmations.Add(transaction);
        }
    }

    /// <summary>Grows with every change of any kind. Read it before looking; then <see cref="WhenChangedAsync"/> misses none.</summary>
    internal long Version
    {
        get
        {
            lock (gate)
            {
                return version;
            }
        }
    }

    /// <summary>Completes when anything has changed after <paramref name="seen"/> was read from <see cref="Version"/>.</summary>
    internal async Task WhenChangedAsync(long seen, CancellationToken cancellationToken)
    {
        // Not Task.WaitAsync: that one would complete on the thread pool, and no seed decides when.
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (version != seen)
            {
                return;
            }

            waiting.Add(signal);
        }

        using (cancellationToken.Register(() => signal.TrySetCanceled(cancellationToken)))
        {
            await signal.Task;
        }
    }

    private static void Apply<T>(Dictionary<object, T> rows, LoggedEvent logged, Func<T, object> key)
        where T : class
    {
        if (logged.Operation == Operation.Truncate)
        {
            rows.Clear();
        }

        if (logged.Before is T before)
        {
            rows.Remove(key(before));
        }

        if (logged.After is T after)
        {
            rows[key(after)] = after;
        }
    }

    private InMemoryDatabase ChangeInitial<T>(Action<InitialRows> change)
        where T : class
    {
        Change(() =>
        {
            if (!initial.TryGetValue(typeof(T), out var table))
            {
                initial.Add(typeof(T), table = new InitialRows());
            }

            change(table);
        });
        return this;
    }

    private void Change(Action change)
    {
        TaskCompletionSource[] signals;
        lock (gate)
        {
            change();
            version++;
            signals = [.. waiting];
            waiting.Clear();
        }

        foreach (var signal in signals)
        {
            signal.TrySetResult();
        }
    }
}

/// <summary>The rows that a table had before the log began.</summary>
internal sealed class InitialRows
{
    public List<object> Rows { get; } = [];

    public bool IsComplete { get; set; }
}
