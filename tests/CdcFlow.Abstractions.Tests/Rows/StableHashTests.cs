using CdcFlow.Rows;

namespace CdcFlow.Abstractions.Tests.Rows;

public sealed class StableHashTests
{
    /// <summary>Lanes and partitions of running systems rest on these values: they must never change.</summary>
    [Fact]
    public void Hashes_are_the_same_in_every_process_and_release()
    {
        Assert.Equal(LongOfSeven, StableHash.Of(7L));
        Assert.Equal(TextOfKey, StableHash.Of("key"));
    }

    [Fact]
    public void Null_has_a_hash_and_order_matters_when_combining()
    {
        Assert.Equal(0, StableHash.Of((string?)null));
        Assert.NotEqual(StableHash.Combine(1, 2), StableHash.Combine(2, 1));
    }

    [Fact]
    public void Consecutive_keys_spread_over_lanes()
    {
        var lanes = new int[16];
        for (var key = 0L; key < 16_000; key++)
        {
            lanes[(uint)StableHash.Of(key) % 16]++;
        }

        Assert.All(lanes, count => Assert.InRange(count, 800, 1_200));
    }

    private const int LongOfSeven = 1081888679;
    private const int TextOfKey = -874743694;
}
