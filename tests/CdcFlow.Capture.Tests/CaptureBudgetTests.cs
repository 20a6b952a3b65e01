using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;

namespace CdcFlow.Capture.Tests;

public sealed class CaptureBudgetTests
{
    [Theory]
    [InlineData(1L << 20)]
    [InlineData(64L << 20)]
    public void What_waits_for_the_log_and_what_its_thread_holds_fit_together(long limit)
    {
        var shares = CaptureBudget.Of(new MemoryBudget(limit));

        Assert.True(shares.Chunks + shares.Round + shares.Transactions + shares.Request <= limit);
        Assert.True(shares.Chunk * 4 <= shares.Chunks);
    }

    [Fact]
    public void Row_that_is_too_large_is_told_in_the_connectors_words()
    {
        var budget = new MemoryBudget(1 << 20);
        var large = new LargeRows(budget, rowBytesMax: 1000, TestContext.Current.CancellationToken);

        large.Refuse(1000, "A row", new Words());
        var error = Assert.Throws<CdcFlowException>(() => large.Refuse(1001, "A row", new Words()));

        Assert.Equal("WORDS1", error.Code);
        Assert.Equal("A row of table shop.item is 1,001 bytes; the source takes rows of 1,000 bytes at most.", error.Happened);
        Assert.Equal(
            "Set RowBytesMax = 1001 or more, and give the process 7,007 bytes of memory for it; nothing was skipped. Which rows are so large now: LIST LARGER 1000;",
            error.Fix);
    }

    private sealed class Words : ILargeRowWords
    {
        public TableId Id => new("shop", "item");

        public string TooLargeCode => "WORDS1";

        public string FindLarger(long bytes) => $"LIST LARGER {bytes};";
    }
}
