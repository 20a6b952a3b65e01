using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>In a class of its own, so that it runs beside the other kills: most of the time, either waits.</summary>
public sealed class KafkaKillTests
{
    [Fact]
    public async Task Twenty_kills_of_the_pipeline_and_five_of_the_broker_give_readers_of_committed_records_every_change_once_and_in_order()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        Assert.SkipWhen(KafkaHome.Missing is not null, KafkaHome.Missing ?? "");
        await using var broker = await KafkaServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var verdicts = await KillRun.RunAsync("OrdersToKafka", orders: 45_000, (_, _) => new KafkaScenario(broker), kills: 20, broker, brokerKills: 5);
        Assert.True(
            verdicts.Sum(verdict => verdict.Aborted) > 0,
            $"no kill left aborted records behind, so nothing says that readers do not get them\n{string.Join('\n', verdicts)}");
    }
}
