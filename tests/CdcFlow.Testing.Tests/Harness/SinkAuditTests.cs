using CdcFlow.Checkpoints;

namespace CdcFlow.Testing.Tests.Harness;

public sealed class SinkAuditTests
{
    private static readonly WrittenChange first = Change(1, write: 1);
    private static readonly WrittenChange second = Change(2, write: 2);

    [Fact]
    public void Each_change_once_and_in_order_is_right() => Assert.Null(Judge([first, second], [first, second]));

    [Fact]
    public void Change_that_took_effect_in_two_calls_is_found() =>
        Assert.Contains("twice", Judge([first, first with { Write = 3 }], [first, first with { Write = 3 }]), StringComparison.Ordinal);

    [Fact]
    public void Change_that_became_two_rows_of_one_key_in_one_call_is_right() => Assert.Null(Judge([first, first], [first, first]));

    [Fact]
    public void Change_that_took_effect_after_a_later_one_is_found() =>
        Assert.Contains("after a later change", Judge([second, first], [second, first]), StringComparison.Ordinal);

    [Fact]
    public void Change_that_was_brought_and_never_took_effect_is_found() =>
        Assert.Contains("never took effect", Judge([first, second], [second]), StringComparison.Ordinal);

    [Fact]
    public void Change_that_a_later_read_of_the_row_covers_is_not_missed() =>
        Assert.Null(Judge([second, Read(5)], [Read(5)]));

    [Fact]
    public void At_least_once_sink_may_repeat_but_not_bring_a_new_change_late()
    {
        Assert.Null(SinkAudit.Judge([first, second], [first, second, first, second], [], repeats: true));
        Assert.NotNull(SinkAudit.Judge([first, second], [second, first], [], repeats: true));
    }

    private static string? Judge(WrittenChange[] written, WrittenChange[] visible) => SinkAudit.Judge(written, visible, [], repeats: false);

    private static WrittenChange Change(ulong transaction, long write) => new(
        "ledger", Operation.Update, "bank", new TableId("", "accounts"), new SourceOffset(transaction, 0, 0), Key: 1L, After: null, Change: 0, new Epoch(1), write);

    private static WrittenChange Read(ulong transaction) => Change(transaction, write: 9) with { Operation = Operation.SnapshotRead };
}
