namespace CdcFlow.Testing;

/// <summary>A source of the pipeline under test: one table of an in-memory database.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>Sources that name one connection are tables of one database. What is committed here is read when the harness next drains.</remarks>
public sealed class TestSource<T>
    where T : class
{
    private readonly InMemoryDatabase database;
    private readonly Func<T, object> key;

    internal TestSource(string nodeId, InMemoryDatabase database, Func<T, object> key)
    {
        NodeId = nodeId;
        this.database = database;
        this.key = key;
    }

    /// <summary>The source's node.</summary>
    public string NodeId { get; }

    /// <summary>The table's rows now.</summary>
    public IReadOnlyDictionary<object, T> Rows => database.Rows(key);

    /// <summary>Adds rows that the table had before the pipeline was first started: its snapshot reads them.</summary>
    public TestSource<T> Snapshot(params IReadOnlyList<T> rows)
    {
        database.Snapshot(rows);
        return this;
    }

    /// <summary>There are no further rows to snapshot.</summary>
    public TestSource<T> EndSnapshot()
    {
        database.EndSnapshot<T>();
        return this;
    }

    /// <summary>Commits a transaction; it may touch other tables of the same connection too.</summary>
    public TestSource<T> Transaction(Action<InMemoryTransaction> write)
    {
        database.Transaction(write);
        return this;
    }

    /// <summary>Changes the table's columns.</summary>
    /// <param name="columns">All columns from now on, as <c>name type</c>.</param>
    public TestSource<T> Ddl(params IReadOnlyList<string> columns) => Transaction(tx => tx.Ddl<T>(columns));

    /// <summary>Loses the log up to now, as a server does whose retention is too short.</summary>
    public void LoseLog() => database.LoseLog();
}
