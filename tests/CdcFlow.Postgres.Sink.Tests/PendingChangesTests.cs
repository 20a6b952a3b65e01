using CdcFlow.Formats;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Which changes one merge can take, and which must wait for the next.</summary>
public sealed class PendingChangesTests : IDisposable
{
    private readonly PendingChanges<Account, AccountCodec> pending = new();
    private readonly ByteBuffer output = new();
    private readonly ChangeMetadata metadata = new(new ChangeOrigin { Source = "s", Table = new TableId("", "t"), Transaction = 1 }, 0, 0);
    private readonly ColumnSet lacksNote = new(AccountCodec.Schema, [false, false, false, true]);
    private readonly ColumnSet lacksOwnerAndNote = new(AccountCodec.Schema, [false, true, false, true]);

    [Fact]
    public void Last_whole_row_of_a_key_stands_for_all_before_it()
    {
        Insert(1);
        Delete(1);
        Insert(1);
        Insert(2);
        Assert.Equal(["0 deletes, 2 rows, 0 partial"], Rounds());
    }

    [Fact]
    public void Delete_stands_for_what_was_before_it()
    {
        Insert(1);
        Partial(1, lacksNote);
        Delete(1);
        Assert.Equal(["0 deletes, 1 rows, 0 partial", "1 deletes, 0 rows, 0 partial"], Rounds());
    }

    [Fact]
    public void Partial_row_after_a_whole_one_waits_for_the_next_round()
    {
        Insert(1);
        Partial(1, lacksNote);
        Partial(2, lacksNote);
        Assert.Equal(["0 deletes, 1 rows, 1 partial", "0 deletes, 0 rows, 1 partial"], Rounds());
    }

    [Fact]
    public void Partial_row_stands_for_one_that_carried_no_more()
    {
        Partial(1, lacksOwnerAndNote);
        Partial(1, lacksNote);
        Assert.Equal(["0 deletes, 0 rows, 1 partial"], Rounds());
    }

    [Fact]
    public void Partial_row_does_not_stand_for_one_that_carried_more()
    {
        Partial(1, lacksNote);
        Partial(1, lacksOwnerAndNote);
        Assert.Equal(["0 deletes, 0 rows, 1 partial", "0 deletes, 0 rows, 1 partial"], Rounds());
    }

    public void Dispose()
    {
        pending.Dispose();
        output.Dispose();
    }

    private void Insert(long id) => pending.AddByKey(Change<Account>.Insert(new Account(id, "o", 1, null), metadata));

    private void Delete(long id) => pending.AddByKey(Change<Account>.DeleteByKey(new Account(id, null!, 0, null), metadata));

    private void Partial(long id, ColumnSet lacking) =>
        pending.AddByKey(new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(id, "o", 0, null), lacking, metadata));

    private List<string> Rounds() => [.. Enumerable.Range(0, pending.Rounds).Select(round => pending.WriteRound(round, output))
        .Select(counts => $"{counts.Deletes} deletes, {counts.Rows} rows, {Enumerable.Range(0, pending.Patterns.Count).Sum(counts.Partial)} partial")];
}
