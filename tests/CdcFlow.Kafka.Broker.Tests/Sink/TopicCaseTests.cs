using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>The cases that the commit protocol must stand, on a broker: those of topics, markers and records.</summary>
public sealed class TopicCaseTests(SharedBroker broker)
{
    [Fact, Trait("WayOut", "CDCF5246")]
    public async Task C9_topics_that_may_lose_acknowledged_records_are_warned_of_unless_fewer_replicas_are_meant()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        await rig.StartAsync(1);
        var report = await rig.PreflightAsync();
        Assert.True(report.Passed);
        Assert.Contains(report.Checks, check => check.Status == PreflightStatus.Warning && check.Code == KafkaSinkErrors.Durability);
        Assert.DoesNotContain((await rig.PreflightAsync(attribute => attribute.ReplicationFactor = 1)).Checks, check => check.Code == KafkaSinkErrors.Durability);
    }

    [Fact, Trait("WayOut", "CDCF5240")]
    public async Task C11_partitions_that_were_added_stop_the_pipeline_at_the_checkpoint_and_at_each_start()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1);
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        await rig.AddPartitionsAsync(3);
        await first.WriteAsync(BrokerRig.Insert(2));
        await StopsAsync(KafkaSinkErrors.TopicChanged, () => first.PrepareAsync(2));
        await StopsAsync(KafkaSinkErrors.TopicChanged, () => rig.StartAsync(2));
        Assert.Equal([1], await rig.CommittedAsync());

        var allowed = await rig.StartAsync(3, attribute => attribute.AllowTopicChange = true);
        Assert.Equal(At(1, 1), allowed.Marker);
        await allowed.WriteAsync(BrokerRig.Insert(2), BrokerRig.Insert(3), BrokerRig.Insert(4));
        await allowed.CheckpointAsync(2);
        Assert.Equal([1, 2, 3, 4], await rig.CommittedAsync());
        Assert.Equal(At(3, 2), (await rig.StartAsync(4)).Marker); // what was allowed once is what is known now
    }

    [Fact]
    public async Task C12_record_that_is_too_large_stops_the_pipeline_and_nothing_of_its_transaction_is_seen()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1);
        var error = await StopsAsync(KafkaSinkErrors.RecordTooLarge, () => first.WriteAsync(BrokerRig.Insert(1), BrokerRig.Insert(2, BrokerRig.TooLong)));
        Assert.True(error.IsSinkRefusal);
        Assert.DoesNotContain("xxx", error.Message, StringComparison.Ordinal);
        Assert.Null((await rig.StartAsync(2)).Marker);
        Assert.Empty(await rig.CommittedAsync());
    }

    [Fact, Trait("WayOut", "CDCF5243")]
    public async Task More_dead_letters_than_the_limit_stop_the_pipeline_until_it_is_raised()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        Action<KafkaSinkAttribute> UpTo(int max) => attribute => (attribute.DeadLetterTopic, attribute.DeadLettersMax) = (rig.Letters, max);
        Change<Account>[] changes = [BrokerRig.Insert(1, BrokerRig.TooLong), BrokerRig.Insert(2), BrokerRig.Insert(3, BrokerRig.TooLong)];
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var first = await rig.StartAsync(epoch, UpTo(1));
            Assert.Contains("Or raise DeadLettersMax.", (await StopsAsync(KafkaSinkErrors.DeadLettersTooMany, () => first.WriteAsync(changes))).Fix, StringComparison.Ordinal);
        }

        var next = await rig.StartAsync(3, UpTo(2));
        await next.WriteAsync(changes);
        await next.CheckpointAsync(1);
        Assert.Equal([2], await rig.CommittedAsync());
        Assert.Equal([(1, KafkaSinkErrors.RecordTooLarge), (3, KafkaSinkErrors.RecordTooLarge)], await rig.DeadLettersAsync());
    }

    [Fact]
    public async Task C12_record_that_is_too_large_goes_to_the_dead_letters_in_the_same_transaction()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void WithLetters(KafkaSinkAttribute attribute) => attribute.DeadLetterTopic = rig.Letters;
        Change<Account>[] changes = [BrokerRig.Insert(1), BrokerRig.Insert(2, BrokerRig.TooLong), BrokerRig.Insert(3)];
        var first = await rig.StartAsync(1, WithLetters);
        await first.WriteAsync(changes);
        await first.PrepareAsync(1);

        var second = await rig.StartAsync(2, WithLetters);
        Assert.Empty(await rig.CommittedAsync());
        Assert.Empty(await rig.DeadLettersAsync());
        await second.WriteAsync(changes);
        await second.CheckpointAsync(1);
        Assert.Equal([1, 3], await rig.CommittedAsync());
        Assert.Equal([(2, KafkaSinkErrors.RecordTooLarge)], await rig.DeadLettersAsync());
        Assert.Equal([1, 1, 3, 3], await rig.WrittenAsync());
        Assert.Equal([2, 2], await rig.WrittenAsync(rig.Letters));
    }

    private static CheckpointRef At(long epoch, long id) => new(new Epoch(epoch), new CheckpointId(id));

    private static async Task<CdcFlowException> StopsAsync(string code, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.Equal((code, false), (error.Code, error.IsTransient));
        return error;
    }
}
