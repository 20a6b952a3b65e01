using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source.Tests;

public class TransactionSnapshotTests
{
    [Fact]
    public void Contains_what_ended_before_it()
    {
        var snapshot = TransactionSnapshot.Parse("100:105:101,103");
        Assert.Equal(
            [true, true, false, true, false, true, false, false],
            new ulong[] { 99, 100, 101, 102, 103, 104, 105, 106 }.Select(snapshot.Contains));
    }

    [Theory]
    [InlineData(4_294_967_290, true)] // before the wrap, and ended
    [InlineData(4_294_967_293, false)] // before the wrap, in progress
    [InlineData(3, true)] // after the wrap, and ended
    [InlineData(5, false)] // not begun
    [InlineData(2_000_000_000, false)] // nearer in the future than in the past
    [InlineData(2_500_000_000, true)] // nearer in the past
    public void Ids_are_widened_across_the_wrap(uint xid, bool isContained) =>
        Assert.Equal(isContained, TransactionSnapshot.Parse("12884901885:12884901893:12884901885").Contains(xid)); // xmin 3·2³² - 3, xmax 3·2³² + 5

    [Fact]
    public void Later_snapshot_covers_an_earlier_one_and_not_the_other_way()
    {
        var earlier = TransactionSnapshot.Parse("100:105:101,103");
        var later = TransactionSnapshot.Parse("103:107:103,105");
        Assert.True(later.Covers(earlier));
        Assert.False(earlier.Covers(later));
        Assert.True(later.IsPast(102));
        Assert.False(later.IsPast(103));
    }
}
