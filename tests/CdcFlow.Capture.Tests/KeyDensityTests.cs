namespace CdcFlow.Capture.Tests;

public sealed class KeyDensityTests
{
    private readonly KeyDensity density = new(long.MaxValue);

    [Fact]
    public void Before_a_chunk_was_read_only_the_server_can_say() => Assert.Null(density.Bound(0, 100));

    [Theory]
    [InlineData(1000, 1000, 250, 1250)]
    [InlineData(1000, 500, 250, 1500)]
    [InlineData(3, 1000, 1, 1001)]
    public void Next_chunk_is_as_dense_as_the_last(long upTo, long rows, long wanted, long bound)
    {
        density.Learn(0, upTo, rows);
        Assert.Equal(bound, density.Bound(1000, wanted));
    }

    [Fact]
    public void Chunk_that_reached_into_a_gap_makes_the_server_be_asked()
    {
        density.Learn(0, 1000, 1000);
        density.Learn(1000, 2000, 200);
        Assert.Null(density.Bound(2000, 1000));
    }

    [Fact]
    public void Chunk_without_a_row_makes_the_server_be_asked()
    {
        density.Learn(0, 1000, 1000);
        density.Learn(1000, 2000, 0);
        Assert.Null(density.Bound(2000, 1000));
    }

    [Fact]
    public void What_was_forgotten_is_learned_anew()
    {
        density.Learn(0, 1000, 1000);
        density.Forget();
        Assert.Null(density.Bound(1000, 10));
        density.Learn(1000, 1100, 10);
        Assert.Equal(1200, density.Bound(1100, 10));
    }

    [Theory]
    [InlineData(32_767, 32_000)]
    [InlineData(long.MaxValue, long.MaxValue - 500)]
    public void Bound_stays_within_the_type_of_the_key(long largest, long after)
    {
        var narrow = new KeyDensity(largest);
        narrow.Learn(0, 1000, 1000);
        Assert.Null(narrow.Bound(after, 10_000));
    }

    [Fact]
    public void Negative_and_far_apart_keys_give_bounds_that_grow()
    {
        density.Learn(long.MinValue, long.MinValue + 1000, 1000);
        Assert.Equal(long.MinValue + 1500, density.Bound(long.MinValue + 1000, 500));
        density.Learn(long.MinValue, long.MaxValue, 10);
        Assert.Null(density.Bound(long.MinValue + 1000, 10));
    }
}
