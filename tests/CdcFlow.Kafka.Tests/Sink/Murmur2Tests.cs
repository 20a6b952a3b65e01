using System.Text;
using CdcFlow.Kafka.Sink.Records;

namespace CdcFlow.Kafka.Tests.Sink;

public sealed class Murmur2Tests
{
    /// <summary>The values of Kafka's own test of its hash.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_is_that_of_jvm_producers(string key, int hash) => Assert.Equal(hash, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Partition_is_the_positive_part_of_the_hash() => Assert.Equal((-973932308 & int.MaxValue) % 7, Murmur2.Partition("21"u8, 7));

    [Fact]
    public void Transactions_without_keys_are_spread_over_all_partitions() =>
        Assert.Equal(8, Enumerable.Range(0, 100).Select(number => Murmur2.Partition((ulong)number, 8)).Distinct().Count());
}
