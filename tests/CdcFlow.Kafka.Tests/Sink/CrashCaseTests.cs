using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>The cases that the commit protocol must stand, each by name; the simulation finds their combinations.</summary>
public sealed class CrashCaseTests
{
    private readonly Rig rig = new();

    [Fact]
    public async Task C1_crash_before_the_flush_leaves_nothing()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        await second.CheckpointAsync(1);
        Assert.Empty(rig.Keys());
    }

    [Fact]
    public async Task C1_record_that_was_not_acknowledged_is_never_committed()
    {
        rig.Tries = 0;
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1), rig.Insert(2));
        rig.Kafka.Network.Plan(KafkaRequest.Produce, KafkaFault.RequestLost);
        await FailsAsync(isTransient: true, () => first.PrepareAsync(1));
        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        Assert.Empty(rig.Keys());
    }

    [Fact]
    public async Task C2_crash_between_prepare_and_commit_goes_back_to_the_checkpoint_before()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        await first.CheckpointAsync(1);
        await first.WriteAsync(rig.Insert(2));
        await first.PrepareAsync(2);
        var second = await rig.StartAsync(2);
        Assert.Equal(At(1, 1), second.Marker);
        Assert.Equal([Key(1)], rig.Keys());
        Assert.Equal([Key(1), Key(2)], rig.Keys(committedOnly: false));
    }

    [Theory]
    [InlineData(KafkaFault.AnswerLost, true)]
    [InlineData(KafkaFault.RequestLost, false)]
    public async Task C3_after_a_crash_during_commit_the_marker_tells(KafkaFault fault, bool isCommitted)
    {
        await CommitOfUnknownOutcomeAsync(fault);
        var second = await rig.StartAsync(2);
        Assert.Equal(isCommitted ? At(1, 1) : null, second.Marker);
        Assert.Equal(isCommitted ? [Key(1)] : [], rig.Keys());
    }

    [Fact]
    public async Task C4_unknown_outcome_ends_the_attempt_and_a_late_commit_finds_its_producer_fenced()
    {
        var error = await CommitOfUnknownOutcomeAsync(KafkaFault.Delayed);
        Assert.Equal(KafkaSinkErrors.OutcomeUnknown, error.Code);
        Assert.True(error.IsTransient);
        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        await second.WriteAsync(rig.Insert(2));
        rig.Kafka.Network.DeliverLate();
        Assert.Empty(rig.Keys());
        await second.CheckpointAsync(1);
        Assert.Equal([Key(2)], rig.Keys());
    }

    [Fact]
    public async Task C5_transaction_that_grew_too_old_is_not_committed_and_the_pipeline_may_start_again()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        rig.Wait(TimeSpan.FromMinutes(11));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => first.CommitAsync(permit));
        Assert.Equal(KafkaSinkErrors.Disturbed, error.Code);
        Assert.True(error.IsTransient);
        Assert.False(error.IsFenced);
        Assert.Null((await rig.StartAsync(2)).Marker);
        Assert.Empty(rig.Keys());
    }

    [Fact]
    public async Task C6_instance_that_was_replaced_ends_and_says_by_whom()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        var second = await rig.StartAsync(2, holder: "there");
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => first.CommitAsync(permit));
        Assert.True(error.IsFenced);
        Assert.False(error.IsTransient);
        Assert.Contains("epoch 2 has taken over, on there", error.Message, StringComparison.Ordinal);
        await second.WriteAsync(rig.Insert(2));
        await second.CheckpointAsync(1);
        Assert.Equal([Key(2)], rig.Keys());
    }

    [Fact]
    public async Task C6_older_instance_that_opens_late_does_not_disturb_the_newer_one()
    {
        var newer = await rig.StartAsync(2, holder: "there");
        await newer.WriteAsync(rig.Insert(1));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(1));
        Assert.True(error.IsFenced);
        await newer.CheckpointAsync(1);
        Assert.Equal([Key(1)], rig.Keys());
    }

    [Fact]
    public async Task C6_instance_that_something_without_a_claim_has_fenced_may_start_again()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        FenceByHand();
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => first.CommitAsync(permit));
        Assert.Equal(KafkaSinkErrors.Disturbed, error.Code);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task C6_two_pipelines_of_one_name_and_epoch_do_not_fence_each_other_for_ever()
    {
        var first = await rig.StartAsync(1);
        await rig.StartAsync(1, holder: "there");
        await first.WriteAsync(rig.Insert(1));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => first.PrepareAsync(1));
        Assert.True(error.IsFenced);
    }

    [Fact]
    public async Task C7_marker_that_is_gone_is_told_to_recovery()
    {
        var first = await rig.StartAsync(1);
        await first.CheckpointAsync(1);
        rig.Kafka.DeleteTopic(Rig.Markers);
        Assert.Null((await rig.StartAsync(2)).Marker); // with a store that knows of a commit, recovery refuses: CDCF3005
    }

    [Fact]
    public async Task C8_marker_is_told_as_it_is_whatever_the_store_has()
    {
        var first = await rig.StartAsync(1);
        await first.CheckpointAsync(1);
        await first.CheckpointAsync(7);
        Assert.Equal(At(1, 7), (await rig.StartAsync(2)).Marker); // with an older store, recovery refuses: CDCF3003
    }

    [Fact]
    public async Task C9_topics_that_may_lose_acknowledged_records_are_warned_of()
    {
        await rig.StartAsync(1);
        var report = await rig.Make(2).Connection.PreflightAsync(Rig.Cancellation);
        Assert.True(report.Passed);
        Assert.Equal(4, report.Checks.Count(check => check.Status == PreflightStatus.Warning && check.Code == KafkaSinkErrors.Durability));
    }

    [Theory]
    [InlineData(KafkaFault.Duplicated)]
    [InlineData(KafkaFault.Delayed)]
    public async Task C10_commit_that_arrives_again_later_ends_no_other_transaction(KafkaFault fault)
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        rig.Kafka.Network.Plan(KafkaRequest.EndTxn, fault);
        await first.CommitAsync(permit);
        for (var id = 2; id < 5; id++)
        {
            await first.WriteAsync(rig.Insert(id));
            permit = await first.PrepareAsync(id);
            rig.Kafka.Network.DeliverLate();
            rig.Kafka.DescribeTopic(Rig.Topic);
            Assert.Equal(id - 1, rig.Keys().Count);
            await first.CommitAsync(permit);
        }

        Assert.Equal(4, rig.Keys().Count);
    }

    [Fact]
    public async Task C11_partitions_that_were_added_stop_the_pipeline_at_the_checkpoint_and_at_each_start()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        await first.CheckpointAsync(1);
        rig.Kafka.CreatePartitions(Rig.Topic, 3);
        await first.WriteAsync(rig.Insert(2));
        Assert.Equal(KafkaSinkErrors.TopicChanged, (await FailsAsync(isTransient: false, () => first.PrepareAsync(2))).Code);
        Assert.Equal(KafkaSinkErrors.TopicChanged, (await FailsAsync(isTransient: false, () => rig.StartAsync(2))).Code);
        Assert.Equal([Key(1)], rig.Keys());

        var allowed = await rig.StartAsync(3, attribute => attribute.AllowTopicChange = true);
        await allowed.WriteAsync(rig.Insert(2));
        await allowed.CheckpointAsync(2);
        Assert.Equal([Key(1), Key(2)], rig.Keys());
        await rig.StartAsync(4); // what was allowed once is what is known now
    }

    [Fact]
    public async Task C11_topic_that_was_deleted_and_made_anew_stops_the_pipeline()
    {
        var first = await rig.StartAsync(1);
        await first.CheckpointAsync(1);
        rig.Kafka.DeleteTopic(Rig.Topic);
        Assert.Contains("was deleted", (await FailsAsync(isTransient: false, () => first.PrepareAsync(2))).Message, StringComparison.Ordinal);
        rig.Kafka.CreateTopic(Rig.Topic, 2);
        Assert.Contains("made anew", (await FailsAsync(isTransient: false, () => rig.StartAsync(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C12_record_that_is_too_large_stops_the_pipeline()
    {
        var first = await rig.StartAsync(1);
        var error = await FailsAsync(isTransient: false, () => first.WriteAsync(rig.Insert(1), rig.Insert(2, new string('x', 1_100_000))));
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
        Assert.Equal([Key(1), Key(3)], rig.Keys());
        var letter = Assert.Single(rig.Records(topic: "dead"));
        Assert.Equal(Key(2), Rig.Text(letter.Message.Key));
        Assert.Equal(KafkaSinkErrors.RecordTooLarge, Rig.Header(letter, "cdc-error"));
        Assert.Equal(Rig.Topic, Rig.Header(letter, "cdc-topic"));
        Assert.Equal("shop/0000000000000002/0/0", Rig.Header(letter, "cdc-pos"));
    }

    [Fact]
    public async Task C13_an_instance_has_one_transaction_whatever_it_writes_to()
    {
        var first = await rig.StartAsync(1, attribute => attribute.DeadLetterTopic = "dead");
        await first.WriteAsync(rig.Insert(1), rig.Insert(2, new string('x', 1_100_000)));
        await first.PrepareAsync(1);
        Assert.Single(rig.Records(committedOnly: false).Concat(rig.Records(committedOnly: false, "dead")).Select(record => record.Producer).Distinct());
    }

    [Fact]
    public async Task C14_recovery_that_asks_again_for_a_commit_that_was_made_changes_nothing()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        await first.CommitAsync(permit);
        var second = await rig.StartAsync(2);
        await second.CommitAsync(permit);
        Assert.Equal([Key(1)], rig.Keys());

        var other = await second.PrepareAsync(2);
        var third = await rig.StartAsync(3);
        Assert.Equal(KafkaSinkErrors.MarkerDiffers, (await FailsAsync(isTransient: false, () => third.CommitAsync(other))).Code);
    }

    [Fact]
    public async Task C15_commit_that_fails_for_long_skips_nothing()
    {
        rig.Tries = 1;
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        rig.Kafka.Network.IsUp = false;
        await FailsAsync(isTransient: true, () => first.CommitAsync(permit));
        await FailsAsync(isTransient: true, () => rig.StartAsync(2));
        await FailsAsync(isTransient: true, () => rig.StartAsync(3));
        rig.Kafka.Restart();
        var fourth = await rig.StartAsync(4);
        Assert.Null(fourth.Marker);
        await fourth.WriteAsync(rig.Insert(1));
        await fourth.CheckpointAsync(1);
        Assert.Equal([Key(1)], rig.Keys());
    }

    private static string Key(int id) => $$"""{"id":{{id}}}""";

    private static CheckpointRef At(long epoch, long id) => new(new Epoch(epoch), new CheckpointId(id));

    private static async Task<CdcFlowException> FailsAsync(bool isTransient, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.Equal(isTransient, error.IsTransient);
        return error;
    }

    private async Task<CdcFlowException> CommitOfUnknownOutcomeAsync(KafkaFault fault)
    {
        rig.Tries = 0;
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        var permit = await first.PrepareAsync(1);
        rig.Kafka.Network.Plan(KafkaRequest.EndTxn, fault);
        return await FailsAsync(isTransient: true, () => first.CommitAsync(permit));
    }

    private void FenceByHand()
    {
        foreach (var id in new[] { $"{Rig.Markers}.0", $"{Rig.Markers}.1" })
        {
            try
            {
                rig.Kafka.InitProducerId(id, TimeSpan.FromMinutes(1));
            }
            catch (KafkaModelException again) when (again.Error == KafkaError.ConcurrentTransactions)
            {
                rig.Kafka.InitProducerId(id, TimeSpan.FromMinutes(1));
            }
        }
    }
}
