namespace CdcFlow.Testing;

/// <summary>A transaction on an <see cref="InMemoryDatabase"/> under construction; its changes are logged together when it commits.</summary>
/// <remarks>Rows are told apart by type: each row type is one table. A transaction may touch several tables.</remarks>
public sealed class InMemoryTransaction
{
    internal List<LoggedEvent> Events { get; } = [];

    /// <summary>Inserts a row.</summary>
    public InMemoryTransaction Insert<T>(T row)
        where T : class => Add<T>(Operation.Insert, null, row);

    /// <summary>Updates a row. If the key differs, readers see a delete of the old key and an insert of the new row.</summary>
    public InMemoryTransaction Update<T>(T before, T after)
        where T : class => Add(Operation.Update, before, after);

    /// <summary>Deletes a row.</summary>
    public InMemoryTransaction Delete<T>(T row)
        where T : class => Add(Operation.Delete, row, null);

    /// <summary>Removes all rows of <typeparamref name="T"/>'s table.</summary>
    public InMemoryTransaction Truncate<T>()
        where T : class => Add<T>(Operation.Truncate, null, null);

    /// <summary>Changes the columns of <typeparamref name="T"/>'s table; an ordered element of the stream.</summary>
    /// <param name="after">The columns from now on, as <c>name type</c>.</param>
    public InMemoryTransaction Ddl<T>(params IReadOnlyList<string> after)
        where T : class
    {
        Events.Add(new LoggedEvent(typeof(T), null, null, null, after));
        return this;
    }

    private InMemoryTransaction Add<T>(Operation operation, T? before, T? after)
        where T : class
    {
        Events.Add(new LoggedEvent(typeof(T), operation, before, after, null));
        return this;
    }
}
