using CdcFlow.Configuration;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>The cases that the commit protocol must stand: those of topics that change and of records that they do not take.</summary>
public sealed class TopicCaseTests
{
    private readonly Rig rig = new();

    [Fact]
    public async Task C9_fewer_replicas_are_not_warned_of_where_they_are_meant()
    {
        await rig.StartAsync(1);
        var report = await rig.Make(2, attribute => attribute.ReplicationFactor = 1).Connection.PreflightAsync(Rig.Cancellation);
        Assert.DoesNotContain(report.Checks, check => check.Code == KafkaSinkErrors.Durability);
    }

    [Fact]
    public async Task C9_topics_that_may_lose_acknowledged_records_are_warned_of()
    {
        await rig.StartAsync(1);
        var report = await rig.Make(2).Connection.PreflightAsync(Rig.Cancellation);
        Assert.True(report.Passed);
        Assert.Equal(4, report.Checks.Count(check => check.Status == PreflightStatus.Warning && check.Code == KafkaSinkErrors.Durability));
    }

    [Fact]
    public async Task C11_partitions_that_were_added_stop_the_pipeline_at_the_checkpoint_and_at_each_start()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        await first.CheckpointAsync(1);
        rig.Kafka.CreatePartitions(Rig.Topic, 3);
        await first.WriteAsync(rig.Insert(2));
        Assert.Equal(KafkaSinkErrors.TopicChanged, (await Rig.FailsAsync(isTransient: false, () => first.PrepareAsync(2))).Code);
        Assert.Equal(KafkaSinkErrors.TopicChanged, (await Rig.FailsAsync(isTransient: false, () => rig.StartAsync(2))).Code);
        Assert.Equal([Rig.Key(1)], rig.Keys());

        var allowed = await rig.StartAsync(3, attribute => attribute.AllowTopicChange = true);
        await allowed.WriteAsync(rig.Insert(2));
        await allowed.CheckpointAsync(2);
        Assert.Equal([Rig.Key(1), Rig.Key(2)], rig.Keys());
        await rig.StartAsync(4); // what was allowed once is what is known now
    }

    [Fact]
    public async Task C11_topic_that_was_deleted_and_made_anew_stops_the_pipeline()
    {
        var first = await rig.StartAsync(1);
        await first.CheckpointAsync(1);
        rig.Kafka.DeleteTopic(Rig.Topic);
        Assert.Contains("was deleted", (await Rig.FailsAsync(isTransient: false, () => first.PrepareAsync(2))).Message, StringComparison.Ordinal);
        rig.Kafka.CreateTopic(Rig.Topic, 2);
        Assert.Contains("made anew", (await Rig.FailsAsync(isTransient: false, () => rig.StartAsync(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C12_record_that_is_too_large_stops_the_pipeline()
    {
        var first = await rig.StartAsync(1);
        var error = await Rig.FailsAsync(isTransient: false, () => first.WriteAsync(rig.Insert(1), rig.Insert(2, new string('x', 1_100_000))));
        Assert.Equal(KafkaSinkErrors.RecordTooLarge, error.Code);
        Assert.True(error.IsSinkRefusal);
        Assert.DoesNotContain("xxx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C12_record_that_is_too_large_goes_to_the_dead_letters_in_the_same_transaction()
    {
        var first = await rig.StartAsync(1, attribute => attribute.DeadLetterTopic = "dead");
        await first.WriteAsync(rig.Insert(1), rig.Insert(2, new string('x', 1_100_000)), rig.Insert(3));
        var permit = await first.PrepareAsync(1);
        Assert.Empty(rig.Records(topic: "dead"));
        await first.CommitAsync(permit);
        Assert.Equal([Rig.Key(1), Rig.Key(3)], rig.Keys());
        var letter = Assert.Single(rig.Records(topic: "dead"));
        Assert.Equal(Rig.Key(2), Rig.Text(letter.Message.Key));
        Assert.Equal(KafkaSinkErrors.RecordTooLarge, Rig.Header(letter, "cdc-error"));
        Assert.Equal(Rig.Topic, Rig.Header(letter, "cdc-topic"));
        Assert.Equal("shop/0000000000000002/0/0", Rig.Header(letter, "cdc-pos"));
    }
}
