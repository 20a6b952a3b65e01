using CdcFlow.Capture;
using CdcFlow.Postgres.Snapshot;

namespace CdcFlow.Postgres.Source.Tests;

public class BlockRangesTests
{
    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(100_000L)]
    public void Ranges_cover_every_block_once_and_the_last_is_open(long blocks)
    {
        var ranges = new BlockRanges(blocks, new ChunkSizer(10_000, 1 << 20, TimeSpan.FromSeconds(1), 100));
        var next = 0L;
        BlockRange range;
        while (ranges.TryTake(out range) && range.To is { } to)
        {
            Assert.Equal(next, range.From);
            Assert.True(to > next, "an empty range");
            ranges.Learn(range, rows: (to - next) * 50, bytes: (to - next) * 5_000);
            next = to;
        }

        Assert.Equal(new BlockRange(next, null), range);
        Assert.InRange(next, 0, Math.Max(0, blocks - 1));
        Assert.False(ranges.TryTake(out _), "something comes after the last");
    }

    [Fact]
    public void Table_that_cannot_be_cut_is_one_range()
    {
        var ranges = new BlockRanges(null, new ChunkSizer(10, 1000, TimeSpan.FromSeconds(1), 100));
        Assert.True(ranges.TryTake(out var whole));
        Assert.Equal(new BlockRange(0, null), whole);
        Assert.False(ranges.TryTake(out _));
    }

    [Theory]
    [InlineData(50, 5_000, 10_000 / 50)] // narrow rows: the rows' limit
    [InlineData(50, 5_000_000, 1)] // rows whose large values lie elsewhere: the bytes' limit, one block at least
    [InlineData(0, 0, 1_000)] // blocks without a row: ever larger
    public void Size_follows_what_was_read(int rowsPerBlock, long bytesPerBlock, long expected)
    {
        var ranges = new BlockRanges(1_000_000, new ChunkSizer(10_000, 1 << 20, TimeSpan.FromSeconds(1), 100));
        var size = 0L;
        for (var i = 0; i < 20 && ranges.TryTake(out var range) && range.To is { } to; i++)
        {
            size = to - range.From;
            ranges.Learn(range, size * rowsPerBlock, size * bytesPerBlock);
        }

        Assert.True(rowsPerBlock == 0 ? size > expected : Math.Abs(size - expected) <= 1 + (expected / 20), $"{size} blocks");
    }
}
