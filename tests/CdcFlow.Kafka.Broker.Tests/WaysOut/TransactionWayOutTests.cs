using CdcFlow.Kafka.Broker.Tests.Sink;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>What ends an attempt and lets the next go on: the next instance stands for it.</summary>
[Collection(nameof(KafkaProxy))]
public sealed class TransactionWayOutTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF5213")]
    public async Task Opening_whose_commit_nobody_answers_is_tried_again()
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        proxy.Strike(KafkaProxy.EndTransaction, Fate.CutBeforeRequest, andStayAway: true);
        await EndsAsync(KafkaClientErrorCodes.OutcomeUnknown, () => rig.StartAsync(1, attribute => attribute.TransactionTimeoutSeconds = 6, network: proxy));
        await GoesOnAsync(rig, 2);
    }

    [Fact, Trait("WayOut", "CDCF5214")]
    public async Task Transaction_that_took_too_long_gets_more_time()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var hasty = await rig.StartAsync(epoch, attribute => attribute.TransactionTimeoutSeconds = 2);
            await hasty.WriteAsync(BrokerRig.Insert(1));
            var permit = await hasty.PrepareAsync(1);
            Assert.Empty(await rig.CommittedAsync()); // held back until the broker has aborted it
            var error = await EndsAsync(KafkaSinkErrors.NotCommitted, () => hasty.CommitAsync(permit));
            Assert.Contains("took longer than 00:00:02", error.Happened, StringComparison.Ordinal);
            Assert.Contains("raise TransactionTimeoutSeconds", error.Fix, StringComparison.Ordinal);
        }

        await GoesOnAsync(rig, 3);
    }

    [Fact, Trait("WayOut", "CDCF5232")]
    public async Task Instance_that_something_without_a_claim_has_fenced_starts_again()
    {
        var server = await broker.StartAsync();
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1);
        await first.WriteAsync(BrokerRig.Insert(1));
        var permit = await first.PrepareAsync(1);
        await using (var other = TestCluster.Connect(server.ConnectionString))
        {
            foreach (var number in new[] { 0, 1 })
            {
                await (await other.OpenProducerAsync(TestCluster.Transactional($"{rig.Ids}.{number}"), Cancellation)).DisposeAsync();
            }
        }

        var error = await EndsAsync(KafkaSinkErrors.Disturbed, () => first.CommitAsync(permit));
        Assert.Contains($"transactional ids that begin with '{rig.Ids}'", error.Fix, StringComparison.Ordinal);
        await GoesOnAsync(rig, 2);
    }

    [Fact]
    public async Task Marker_topic_that_is_deleted_while_the_pipeline_runs_takes_its_transaction_along_and_is_made_anew()
    {
        var server = await broker.StartAsync();
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1);
        await server.RunAsync($"kafka-topics.sh --delete --topic {rig.Markers}");
        await using (var cluster = TestCluster.Connect(server.ConnectionString))
        {
            while (await cluster.DescribeTopicAsync(rig.Markers, Cancellation) is not null)
            {
                // it goes a moment later
            }
        }

        await first.WriteAsync(BrokerRig.Insert(1));
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => first.CheckpointAsync(1));
        Assert.Contains(error.Code, new[] { KafkaSinkErrors.NotCommitted, KafkaSinkErrors.OutcomeUnknown });
        await GoesOnAsync(rig, 2);
    }

    private static async Task<CdcFlowException> EndsAsync(string code, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.True((code, true) == (error.Code, error.IsTransient), error.ToString());
        return error;
    }

    private static async Task GoesOnAsync(BrokerRig rig, long epoch)
    {
        var next = await rig.StartAsync(epoch);
        await next.WriteAsync(BrokerRig.Insert(1));
        await next.CheckpointAsync(1);
        Assert.Equal([1], await rig.CommittedAsync());
    }
}
