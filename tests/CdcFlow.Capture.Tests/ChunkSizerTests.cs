namespace CdcFlow.Capture.Tests;

public class ChunkSizerTests
{
    private static readonly TimeSpan target = TimeSpan.FromMilliseconds(500);

    [Fact]
    public void Chunks_grow_to_the_limit_while_reading_is_fast()
    {
        var sizer = new ChunkSizer(10_000, long.MaxValue, target, estimatedRowBytes: 100);
        for (var i = 0; i < 5; i++)
        {
            sizer.Learn(sizer.NextRows, sizer.NextRows * 100L, TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(10_000, sizer.NextRows);
    }

    [Fact]
    public void Chunks_shrink_while_reading_is_slow_but_at_most_by_half_each_time()
    {
        var sizer = new ChunkSizer(2048, long.MaxValue, target, estimatedRowBytes: 100);
        sizer.Learn(2048, 204_800, target * 100);
        Assert.Equal(1024, sizer.NextRows);
        sizer.Learn(1024, 102_400, target * 2);
        Assert.Equal(512, sizer.NextRows);
    }

    [Fact]
    public void Wide_rows_make_short_chunks_and_a_huge_row_is_a_chunk_of_its_own()
    {
        var sizer = new ChunkSizer(10_000, 1_000_000, target, estimatedRowBytes: 1000);
        Assert.Equal(1000, sizer.NextRows);
        sizer.LearnTooLarge(rows: 1, bytes: 5_000_000);
        Assert.Equal(1, sizer.NextRows);
    }
}
