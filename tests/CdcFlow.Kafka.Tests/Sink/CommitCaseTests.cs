using CdcFlow.Checkpoints;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>The cases that the commit protocol must stand, each by name: those of transactions, instances and the network. The simulation finds their combinations.</summary>
public sealed class CommitCaseTests
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
        await Rig.FailsAsync(isTransient: true, () => first.PrepareAsync(1));
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
        Assert.Equal([Rig.Key(1)], rig.Keys());
        Assert.Equal([Rig.Key(1), Rig.Key(2)], rig.Keys(committedOnly: false));
    }

    [Theory]
    [InlineData(KafkaFault.AnswerLost, true)]
    [InlineData(KafkaFault.RequestLost, false)]
    public async Task C3_after_a_crash_during_commit_the_marker_tells(KafkaFault fault, bool isCommitted)
    {
        await CommitOfUnknownOutcomeAsync(fault);
        var second = await rig.StartAsync(2);
        Assert.Equal(isCommitted ? At(1, 1) : null, second.Marker);
        Assert.Equal(isCommitted ? [Rig.Key(1)] : [], rig.Keys());
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
        Assert.Equal([Rig.Key(2)], rig.Keys());
    }

    [Fact]
    public async Task C5_transaction_that_grew_too_old_is_not_committed_and_the_pipeline_may_start_again()
    {
        var (first, permit) = await PreparedAsync();
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
        var (first, permit) = await PreparedAsync();
        var second = await rig.StartAsync(2, holder: "there");
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => first.CommitAsync(permit));
        Assert.True(error.IsFenced);
        Assert.False(error.IsTransient);
        Assert.Contains("epoch 2 has taken over, on there", error.Message, StringComparison.Ordinal);
        await second.WriteAsync(rig.Insert(2));
        await second.CheckpointAsync(1);
        Assert.Equal([Rig.Key(2)], rig.Keys());
    }

    [Fact]
    public async Task C6_older_instance_that_opens_late_does_not_disturb_the_newer_one()
    {
        var newer = await rig.StartAsync(2, holder: "there");
        await newer.WriteAsync(rig.Insert(1));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(1));
        Assert.True(error.IsFenced);
        await newer.CheckpointAsync(1);
        Assert.Equal([Rig.Key(1)], rig.Keys());
    }

    [Fact]
    public async Task C6_instance_that_something_without_a_claim_has_fenced_may_start_again()
    {
        var (first, permit) = await PreparedAsync();
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

    // The epochs of two stores cannot be compared: each begins at a clock.
    [Fact]
    public async Task C6_take_over_that_died_before_its_commit_leaves_the_owner_as_it_was()
    {
        rig.Tries = 0;
        var owner = await rig.StartAsync(10);
        await owner.WriteAsync(rig.Insert(1));
        var permit = await owner.PrepareAsync(1);
        var taking = rig.Make(1_000_000, holder: "there");
        rig.Kafka.Network.Plan(KafkaRequest.EndTxn, KafkaFault.RequestLost);
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => taking.TakeOverAsync(new StoreId(new Guid("0ddba115-0000-4000-8000-000000000002"))));
        var error = await Rig.FailsAsync(isTransient: true, () => owner.CommitAsync(permit));
        Assert.Equal((KafkaSinkErrors.Disturbed, false), (error.Code, error.IsFenced));

        var next = rig.Make(11);
        var found = await next.Connection.ReadMarkerAsync(Rig.Cancellation);
        Assert.Equal((Testing.Conformance.SinkConformance.Store, new Epoch(10)), (found!.Store!.Value, found.Epoch));
        await next.OpenAsync();
        await next.WriteAsync(rig.Insert(1));
        await next.CheckpointAsync(1);
        Assert.Equal([Rig.Key(1)], rig.Keys());
    }

    [Fact]
    public async Task C6_take_over_that_has_committed_ends_the_owner_whatever_their_epochs_are()
    {
        var owner = await rig.StartAsync(10);
        await owner.WriteAsync(rig.Insert(1));
        var permit = await owner.PrepareAsync(1);
        var taking = rig.Make(11, holder: "there");
        await taking.TakeOverAsync(new StoreId(new Guid("0ddba115-0000-4000-8000-000000000002")));
        Assert.True((await Assert.ThrowsAsync<CdcFlowException>(() => owner.CommitAsync(permit))).IsFenced);
        Assert.True((await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(12))).IsFenced);
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

    [Theory]
    [InlineData(KafkaFault.Duplicated)]
    [InlineData(KafkaFault.Delayed)]
    public async Task C10_commit_that_arrives_again_later_ends_no_other_transaction(KafkaFault fault)
    {
        var (first, permit) = await PreparedAsync();
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
        var (first, permit) = await PreparedAsync();
        await first.CommitAsync(permit);
        var second = await rig.StartAsync(2);
        await second.CommitAsync(permit);
        Assert.Equal([Rig.Key(1)], rig.Keys());

        var other = await second.PrepareAsync(2);
        var third = await rig.StartAsync(3);
        Assert.Equal(KafkaSinkErrors.MarkerDiffers, (await Rig.FailsAsync(isTransient: false, () => third.CommitAsync(other))).Code);
    }

    [Fact]
    public async Task C15_commit_that_fails_for_long_skips_nothing()
    {
        rig.Tries = 1;
        var (first, permit) = await PreparedAsync();
        rig.Kafka.Network.IsUp = false;
        await Rig.FailsAsync(isTransient: true, () => first.CommitAsync(permit));
        await Rig.FailsAsync(isTransient: true, () => rig.StartAsync(2));
        await Rig.FailsAsync(isTransient: true, () => rig.StartAsync(3));
        rig.Kafka.Restart();
        var fourth = await rig.StartAsync(4);
        Assert.Null(fourth.Marker);
        await fourth.WriteAsync(rig.Insert(1));
        await fourth.CheckpointAsync(1);
        Assert.Equal([Rig.Key(1)], rig.Keys());
    }

    /// <summary>The first instance, which has written the first account and prepared its first checkpoint.</summary>
    private async Task<(SinkInstance Instance, CommitPermit Permit)> PreparedAsync()
    {
        var first = await rig.StartAsync(1);
        await first.WriteAsync(rig.Insert(1));
        return (first, await first.PrepareAsync(1));
    }

    private static CheckpointRef At(long epoch, long id) => new(new Epoch(epoch), new CheckpointId(id));

    private async Task<CdcFlowException> CommitOfUnknownOutcomeAsync(KafkaFault fault)
    {
        rig.Tries = 0;
        var (first, permit) = await PreparedAsync();
        rig.Kafka.Network.Plan(KafkaRequest.EndTxn, fault);
        return await Rig.FailsAsync(isTransient: true, () => first.CommitAsync(permit));
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
