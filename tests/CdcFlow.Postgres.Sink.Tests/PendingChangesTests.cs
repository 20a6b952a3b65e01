using CdcFlow.Formats;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What changes of keys come to within one merge.</summary>
public sealed class PendingChangesTests : IDisposable
{
    private readonly PendingChanges<Account, AccountCodec> pending = new();
    private readonly ByteBuffer output = new();
    private readonly ChangeMetadata metadata = new(new ChangeOrigin(new TableOrigin("s", new TableId("", "t")), new SourceTransaction(1)), 0, 0);
    private readonly ChangeMetadata overlap = new(new ChangeOrigin(new TableOrigin("s", new TableId("", "t")) { KeysMayOverlap = true }, new SourceTransaction(2)), 0, 0);
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

    [Theory]
    [InlineData("I2 new|U2 old x|D2 x", "new")]
    [InlineData("U2 old x|I2 new|D2 x", "new")]
    [InlineData("I2 new;U2 old x|D2 x", "new")]
    [InlineData("I2 new|U2 old x|D2 new", "x")]
    [InlineData("I2 new;U2 old x|D2 new", "x")]
    [InlineData("I2 new|U2 old x|U2 x y|U2 new z|D2 z", "y")]
    [InlineData("I2 new|U2 old x|U2 x y|D2 y|U2 new z", "z")]
    [InlineData("I2 new|D2 old|U2 new z|D2 z", null)]
    [InlineData("U2 old x|U2 x y|D2 y", null)]
    public void Rows_that_overlap_across_merges_leave_the_one_that_stays(string merges, string? expected)
    {
        string? table = "old";
        foreach (var merge in merges.Split('|'))
        {
            table = Merged(pending, table, merge.Split(';'));
        }

        Assert.Equal(expected, table);
    }

    [Theory]
    [InlineData("I1 a|I2 b|I3 c", true)]
    [InlineData("U1 a b|U2 a b|U3 a b", false)]
    [InlineData("D1 a|D2 a|D3 a", false)]
    [InlineData("I1 a|D1 a|I2 a|D2 a|I3 a", false)]
    public void Only_keys_that_can_overlap_count_for_the_limit(string merges, bool isRefused)
    {
        using var limited = new PendingChanges<Account, AccountCodec>(mostOverlappingKeys: 2);
        var error = Record.Exception(() =>
        {
            foreach (var merge in merges.Split('|'))
            {
                Merged(limited, null, merge);
            }
        });
        Assert.Equal(isRefused ? PostgresSinkErrors.OverlapTooLarge : null, (error as CdcFlowException)?.Code);
    }

    [Fact]
    public void Rows_kept_beside_the_tables_are_bounded_in_bytes()
    {
        using var limited = new PendingChanges<Account, AccountCodec>(mostOvertakenBytes: 100);
        Merged(limited, "old", "I2 new");
        var error = Assert.Throws<CdcFlowException>(() => Merged(limited, "new", $"U2 old {new string('x', 100)}"));
        Assert.Equal(PostgresSinkErrors.OverlapTooLarge, error.Code);
    }

    [Fact]
    public void Deletes_allocate_nothing_each()
    {
        const int changes = 1_000;
        var deletes = Enumerable.Range(0, changes).Select(id => Change<Account>.DeleteByKey(new Account(id, null!, 0, null), metadata)).ToArray();
        AddAll();
        pending.Forget();
        var before = GC.GetAllocatedBytesForCurrentThread();
        AddAll();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, changes);

        void AddAll()
        {
            foreach (var delete in deletes)
            {
                pending.AddByKey(delete);
            }
        }
    }

    public void Dispose()
    {
        pending.Dispose();
        output.Dispose();
    }

    /// <summary>Merges changes of a table whose keys may overlap, such as <c>U2 old new</c>.</summary>
    /// <returns>The owner that the table has under the last change's key.</returns>
    private string? Merged(PendingChanges<Account, AccountCodec> into, string? table, params string[] changes)
    {
        foreach (var change in changes)
        {
            var words = change[1..].Split(' ');
            Account Row(string owner) => new(long.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), owner, 1, null);
            Assert.True(into.AddByKey(change[0] switch
            {
                'I' => Change<Account>.Insert(Row(words[1]), overlap),
                'U' => Change<Account>.Update(Row(words[1]), Row(words[2]), overlap),
                _ => Change<Account>.Delete(Row(words[1]), overlap),
            }));
        }

        output.Clear();
        into.Stage();
        var counts = into.Write(places: null, isAppend: false, output);
        into.Written();
        return counts[RowKind.Row] > 0 ? OwnerOf(output.Written) : counts[RowKind.Delete] > 0 ? null : table;
    }

    /// <summary>The owner in a stream of one tuple: after kind, place, the key to find it under, and the key.</summary>
    private static string OwnerOf(ReadOnlySpan<byte> stream)
    {
        const int header = 19 + sizeof(short);
        var rest = stream[header..];
        for (var field = 0; field < 4; field++)
        {
            rest = rest[(sizeof(int) + Math.Max(0, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(rest)))..];
        }

        return System.Text.Encoding.UTF8.GetString(rest.Slice(sizeof(int), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(rest)));
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
