using CdcFlow.Formats;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What changes of keys come to within one merge.</summary>
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
        Assert.Equal("0 deletes, 2 rows, 0 partial, 0 moved", Staged());
    }

    [Fact]
    public void Delete_stands_for_what_was_before_it()
    {
        Insert(1);
        Partial(1, lacksNote);
        Delete(1);
        Assert.Equal("1 deletes, 0 rows, 0 partial, 0 moved", Staged());
    }

    [Fact]
    public void Partial_row_takes_what_it_lacks_from_the_whole_one_before_it()
    {
        Insert(1);
        Partial(1, lacksNote);
        Partial(2, lacksNote);
        Assert.Equal("0 deletes, 1 rows, 1 partial, 0 moved", Staged());
    }

    [Fact]
    public void Partial_rows_of_a_key_are_one_that_lacks_what_none_carried()
    {
        Partial(1, lacksNote);
        Partial(1, lacksOwnerAndNote);
        Partial(2, lacksOwnerAndNote);
        Partial(2, lacksNote);
        Assert.Equal("0 deletes, 0 rows, 2 partial, 0 moved", Staged());
        Assert.Equal(["Note"], pending.Patterns.Select(pattern => pattern.ToString()));
    }

    [Fact]
    public void Row_that_moves_takes_what_it_lacks_from_the_tables_row_of_its_first_key()
    {
        Move(1, 2, lacksNote);
        Move(2, 3, lacksOwnerAndNote);
        Assert.Equal("2 deletes, 0 rows, 0 partial, 1 moved", Staged());
        Assert.Equal(["Note"], pending.Patterns.Select(pattern => pattern.ToString()));
    }

    [Fact]
    public void Row_that_moves_back_is_an_update_where_it_was()
    {
        Move(1, 2, lacksNote);
        Move(2, 1, lacksNote);
        Assert.Equal("1 deletes, 0 rows, 1 partial, 0 moved", Staged());
    }

    [Fact]
    public void Partial_row_after_the_delete_of_its_key_has_nothing_to_take_columns_from()
    {
        Delete(1);
        Assert.False(pending.AddByKey(Lacking(Operation.Update, 1, lacksNote, metadata)));
    }

    public void Dispose()
    {
        pending.Dispose();
        output.Dispose();
    }

    private void Insert(long id) => Assert.True(pending.AddByKey(Change<Account>.Insert(new Account(id, "o", 1, null), metadata)));

    private void Delete(long id) => pending.AddByKey(Change<Account>.DeleteByKey(new Account(id, null!, 0, null), metadata));

    private void Partial(long id, ColumnSet lacking) => Assert.True(pending.AddByKey(Lacking(Operation.Update, id, lacking, metadata)));

    private void Move(long from, long to, ColumnSet lacking)
    {
        pending.AddByKey(Change<Account>.DeleteByKey(new Account(from, null!, 0, null), metadata));
        Assert.True(pending.AddByKey(Lacking(Operation.Insert, to, lacking, metadata with { Row = 1 })));
    }

    private static Change<Account> Lacking(Operation operation, long id, ColumnSet lacking, ChangeMetadata metadata) =>
        new(operation, BeforeState.Absent, null, new Account(id, "o", 0, null), lacking, metadata);

    private string Staged()
    {
        pending.Stage();
        var counts = pending.Write(places: null, isAppend: false, output);
        int Sum(bool isMoved) => Enumerable.Range(0, pending.Patterns.Count).Sum(pattern => counts[RowKind.Lacking(pattern, isMoved)]);
        return $"{counts[RowKind.Delete]} deletes, {counts[RowKind.Row]} rows, {Sum(false)} partial, {Sum(true)} moved";
    }
}
