using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests;

public sealed class ProducerOptionsTests
{
    /// <summary>The client spins while a record has waited for longer than this behind one that is on its way.</summary>
    [Fact]
    public void Records_of_a_transaction_wait_for_full_batches_and_others_hardly()
    {
        Assert.Equal("1000", Linger("id"));
        Assert.Equal("20", Linger(null));
    }

    private static string Linger(string? transactionalId) =>
        new ProducerOptions(transactionalId, TimeSpan.FromMinutes(1)).Settings(TimeSpan.FromSeconds(30))["linger.ms"];
}
