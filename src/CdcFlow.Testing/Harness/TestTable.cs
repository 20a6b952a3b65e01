using CdcFlow.Rows;

namespace CdcFlow.Testing;

/// <summary>A table of the database under test, which can also change at random.</summary>
internal abstract class TestTable(InMemoryDatabase database)
{
    /// <summary>The database that it is in.</summary>
    public InMemoryDatabase Database { get; } = database;

    /// <summary>The type of its rows.</summary>
    public abstract Type RowType { get; }

    /// <summary>Gives the table rows from before the log began, and ends its snapshot.</summary>
    public abstract void Fill(Random random, int rows, Delegate? make);

    /// <summary>Adds one insert, update, key update or delete to a transaction.</summary>
    public abstract void Change(Random random, InMemoryTransaction transaction, Delegate? make);
}

/// <summary>A table of a known row type.</summary>
internal abstract class TestTable<T>(InMemoryDatabase database) : TestTable(database)
    where T : class
{
    /// <summary>The key of a row.</summary>
    public abstract Func<T, object> KeyOf { get; }
}

/// <inheritdoc/>
internal sealed class TestTable<T, TCodec>(InMemoryDatabase database) : TestTable<T>(database)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly Dictionary<object, T> rows = [];

    // Keys in the order of their making: a dictionary's order is no one's promise, and a seed must repeat.
    private readonly List<object> keys = [];

    public override Type RowType => typeof(T);

    public override Func<T, object> KeyOf => TCodec.Key;

    public override void Fill(Random random, int count, Delegate? make)
    {
        for (var row = 0; row < count; row++)
        {
            var made = Make(random, make);
            if (Remember(made))
            {
                Database.Snapshot(made);
            }
        }

        Database.EndSnapshot<T>();
    }

    public override void Change(Random random, InMemoryTransaction transaction, Delegate? make)
    {
        var made = Make(random, make);
        if (TCodec.Schema.KeyColumns.Count == 0)
        {
            transaction.Insert(made);
        }
        else if (rows.TryGetValue(TCodec.Key(made), out var before))
        {
            UpdateOrDelete(random, transaction, before, made);
        }
        else
        {
            InsertOrMove(random, transaction, made);
        }
    }

    private void UpdateOrDelete(Random random, InMemoryTransaction transaction, T before, T made)
    {
        Forget(before);
        if (random.Next(3) == 0)
        {
            transaction.Delete(before);
            return;
        }

        Remember(made);
        transaction.Update(before, made);
    }

    private void InsertOrMove(Random random, InMemoryTransaction transaction, T made)
    {
        if (keys.Count == 0 || random.Next(4) > 0)
        {
            transaction.Insert(made);
        }
        else
        {
            var moved = rows[keys[random.Next(keys.Count)]];
            Forget(moved);
            transaction.Update(moved, made);
        }

        Remember(made);
    }

    private static T Make(Random random, Delegate? make)
    {
        if (make is Func<Random, T> given)
        {
            return given(random);
        }

        var reader = new RandomRowReader(TCodec.Schema, random);
        return TCodec.Read(ref reader);
    }

    private bool Remember(T row)
    {
        var isNew = rows.TryAdd(TCodec.Key(row), row);
        if (isNew)
        {
            keys.Add(TCodec.Key(row));
        }

        return isNew;
    }

    private void Forget(T row)
    {
        rows.Remove(TCodec.Key(row));
        keys.Remove(TCodec.Key(row));
    }
}
