using CdcFlow.Rows;

namespace CdcFlow.Abstractions.Tests.Changes;

public sealed class ChangeTests
{
    private static readonly RowSchema Schema = new(
        "Order", "orders", null,
        new ColumnDescriptor("id", "Id", typeof(long), false, true),
        new ColumnDescriptor("note", "Note", typeof(string), true, false));

    private static readonly ChangeMetadata Metadata =
        new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "orders")), new SourceTransaction(0x1F)), 2, 1);

    [Fact]
    public void Only_columns_that_the_log_left_out_are_unavailable()
    {
        var change = new Change<string>(Operation.Update, BeforeState.Absent, null, "row", new ColumnSet(Schema, [false, true]), Metadata);

        Assert.True(change.IsAvailable("Id"));
        Assert.False(change.IsAvailable("Note"));
        Assert.Throws<ArgumentException>(() => change.IsAvailable("note"));
    }

    [Fact]
    public void A_change_prints_its_offset_and_no_values() =>
        Assert.Equal("Delete at 1F/2/1", Change<string>.Delete("secret", Metadata).ToString());

    [Fact]
    public void Offsets_order_by_transaction_then_event_then_row()
    {
        SourceOffset[] ordered = [new(1, 9, 9), new(2, 0, 0), new(2, 0, 1), new(2, 1, 0)];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.True(ordered[1] < ordered[2] && ordered[3] >= ordered[2]);
    }

    [Fact]
    public void A_truncate_has_no_row() =>
        Assert.Throws<InvalidOperationException>(() => Change<string>.Truncate(Metadata).Row);
}
