using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Tests.Sink;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>The cases that the commit protocol must stand, on a broker: those of transactions, instances and the network.</summary>
[Collection(nameof(KafkaProxy))]
public sealed class CommitCaseTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task C1_crash_before_the_flush_leaves_nothing_that_readers_see()
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1, network: proxy);
        proxy.Strike(KafkaProxy.Produce, Fate.CutBeforeResponse, andStayAway: true);
        await first.WriteAsync(BrokerRig.Insert(1));
        await proxy.Struck.WaitAsync(Cancellation);

        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        Assert.Empty(await rig.CommittedAsync());
        await second.WriteAsync(BrokerRig.Insert(1));
        await second.CheckpointAsync(1);
        Assert.Equal([1], await rig.CommittedAsync());
        Assert.Equal([1, 1], await rig.WrittenAsync());
    }

    [Theory, Trait("WayOut", "CDCF5210")]
    [InlineData(nameof(Fate.CutBeforeRequest))]
    [InlineData(nameof(Fate.CutBeforeResponse))]
    public async Task C1_record_that_was_not_acknowledged_is_never_committed(string fate)
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1, Impatient, network: proxy);
        proxy.Strike(KafkaProxy.Produce, Enum.Parse<Fate>(fate), andStayAway: true);
        await first.WriteAsync(BrokerRig.Insert(1));
        Assert.Equal("CDCF5210", (await FailsAsync(isTransient: true, () => first.PrepareAsync(1))).Code);
        Assert.True(proxy.Struck.IsCompleted);

        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        Assert.Empty(await rig.CommittedAsync());
        await second.WriteAsync(BrokerRig.Insert(1));
        await second.CheckpointAsync(1);
        Assert.Equal([1], await rig.CommittedAsync());
    }

    [Fact]
    public async Task C2_crash_between_prepare_and_commit_goes_back_to_the_checkpoint_before()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1);
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        await first.WriteAsync(BrokerRig.Insert(2));
        await first.PrepareAsync(2);

        var second = await rig.StartAsync(2);
        Assert.Equal(At(1, 1), second.Marker);
        Assert.Equal([1], await rig.CommittedAsync());
        await second.WriteAsync(BrokerRig.Insert(2));
        await second.CheckpointAsync(2);
        Assert.Equal([1, 2], await rig.CommittedAsync());
        Assert.Equal([1, 2, 2], await rig.WrittenAsync());
    }

    [Theory]
    [InlineData(nameof(Fate.CutBeforeRequest), false)]
    [InlineData(nameof(Fate.CutBeforeResponse), true)]
    public async Task C3_after_a_crash_during_commit_the_marker_tells(string fate, bool isCommitted)
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        await DieInCommitAsync(rig, proxy, Enum.Parse<Fate>(fate));
        await GoOnAsync(rig, isCommitted);
    }

    [Theory, Trait("WayOut", "CDCF5233")]
    [InlineData(nameof(Fate.CutBeforeRequest), false)]
    [InlineData(nameof(Fate.CutBeforeResponse), true)]
    public async Task C4_unknown_outcome_ends_the_attempt_and_the_marker_tells_the_next(string fate, bool isCommitted)
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        var (first, permit) = await PreparedAsync(rig, Impatient, network: proxy);
        proxy.Strike(KafkaProxy.EndTransaction, Enum.Parse<Fate>(fate), andStayAway: true);
        Assert.Equal(KafkaSinkErrors.OutcomeUnknown, (await FailsAsync(isTransient: true, () => first.CommitAsync(permit))).Code);
        Assert.True(proxy.Struck.IsCompleted);
        await first.Connection.DisposeAsync();
        await GoOnAsync(rig, isCommitted);
    }

    [Fact]
    public async Task C4_commit_that_arrives_after_the_restart_finds_its_producer_fenced()
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        await DieInCommitAsync(rig, proxy, Fate.Delay);
        var second = await rig.StartAsync(2);
        Assert.Null(second.Marker);
        await second.WriteAsync(BrokerRig.Insert(1));
        await second.PrepareAsync(1);
        await proxy.ReleaseAsync(Cancellation);

        var third = await rig.StartAsync(3);
        Assert.Null(third.Marker);
        Assert.Empty(await rig.CommittedAsync());
        Assert.Equal([1, 1], await rig.WrittenAsync());
    }

    [Fact, Trait("WayOut", "CDCF5234")]
    public async Task C5_transaction_that_grew_too_old_is_not_committed_and_the_pipeline_may_start_again()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var (first, permit) = await PreparedAsync(rig, Impatient);
        Assert.Empty(await rig.CommittedAsync()); // held back until the broker has aborted it
        var error = await FailsAsync(isTransient: true, () => first.CommitAsync(permit));
        Assert.Equal(KafkaSinkErrors.NotCommitted, error.Code);
        Assert.False(error.IsFenced);
        await GoOnAsync(rig, isCommitted: false);
    }

    [Fact]
    public async Task C6_zombie_that_wakes_before_its_commit_ends_and_says_by_whom_it_was_replaced()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var (first, permit) = await PreparedAsync(rig);
        var second = await rig.StartAsync(2, holder: "there");
        await second.WriteAsync(BrokerRig.Insert(1));
        await IsFencedAsync(() => first.CommitAsync(permit));
        await second.CheckpointAsync(1);
        Assert.Equal([1], await rig.CommittedAsync());
        Assert.Equal([1, 1], await rig.WrittenAsync());
    }

    [Fact, Trait("WayOut", "CDCF5231")]
    public async Task C6_zombie_that_wakes_between_checkpoints_ends_and_says_by_whom_it_was_replaced()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1);
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        var second = await rig.StartAsync(2, holder: "there");
        await second.WriteAsync(BrokerRig.Insert(2));
        await IsFencedAsync(async () =>
        {
            await first.WriteAsync(BrokerRig.Insert(2));
            await first.CheckpointAsync(2);
        });
        await second.CheckpointAsync(2);
        Assert.Equal([1, 2], await rig.CommittedAsync());
    }

    [Fact]
    public async Task C6_older_instance_that_opens_late_does_not_disturb_the_newer_one()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var newer = await rig.StartAsync(2, holder: "there");
        await newer.WriteAsync(BrokerRig.Insert(1));
        await IsFencedAsync(() => rig.StartAsync(1));
        await newer.CheckpointAsync(1);
        Assert.Equal([1], await rig.CommittedAsync());
        Assert.Equal([1], await rig.WrittenAsync());
    }

    // Two transactions later the delayed request's own transactional id is in use again.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task C10_commit_that_arrives_again_later_ends_no_other_transaction(int transactionsLater)
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1, network: proxy);
        proxy.Strike(KafkaProxy.EndTransaction, Fate.Delay);
        for (var id = 1; id <= transactionsLater; id++)
        {
            await first.WriteAsync(BrokerRig.Insert(id));
            await first.CheckpointAsync(id);
        }

        var last = transactionsLater + 1;
        await first.WriteAsync(BrokerRig.Insert(last));
        await first.PrepareAsync(last);
        await proxy.ReleaseAsync(Cancellation);

        var second = await rig.StartAsync(2);
        Assert.Equal(At(1, transactionsLater), second.Marker);
        Assert.Equal(Enumerable.Range(1, transactionsLater), await rig.CommittedAsync());
        await second.WriteAsync(BrokerRig.Insert(last));
        await second.CheckpointAsync(last);
        Assert.Equal(Enumerable.Range(1, last), await rig.CommittedAsync());
        Assert.Equal([.. Enumerable.Range(1, last), last], await rig.WrittenAsync());
    }

    // Parallelism is partitions and sinks, never transactions: so no successor, however set up, leaves one open.
    [Fact]
    public async Task C13_an_instance_has_one_open_transaction_whatever_it_writes_to_and_its_successor_ends_it()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void Widely(KafkaSinkAttribute attribute) => (attribute.Partitions, attribute.DeadLetterTopic) = (3, rig.Letters);
        Change<Account>[] changes = [.. Enumerable.Range(1, 6).Select(id => BrokerRig.Insert(id)), BrokerRig.Insert(7, BrokerRig.TooLong)];
        var first = await rig.StartAsync(1, Widely);
        await first.WriteAsync(changes);
        await first.PrepareAsync(1);
        var open = Assert.Single(await rig.OpenTransactionsAsync());
        Assert.Equal([$"{rig.Topic}-0", $"{rig.Topic}-1", $"{rig.Topic}-2", $"{rig.Letters}-0", $"{rig.Markers}-0"], await rig.PartitionsAsync(open));

        var second = await rig.StartAsync(2, attribute => attribute.Partitions = 3);
        Assert.Empty(await rig.OpenTransactionsAsync());
        Assert.Empty(await rig.CommittedAsync());
        await second.WriteAsync(changes[..6]);
        await second.CheckpointAsync(1);
        Assert.Equal([1, 2, 3, 4, 5, 6], await rig.CommittedAsync());
    }

    [Fact]
    public async Task C14_recovery_that_asks_again_for_a_commit_that_was_made_changes_nothing()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var (first, permit) = await PreparedAsync(rig);
        await first.CommitAsync(permit);
        var second = await rig.StartAsync(2);
        await second.Connection.CommitAsync(permit, Cancellation);
        var other = await second.PrepareAsync(2);
        var third = await rig.StartAsync(3);
        Assert.Equal(KafkaSinkErrors.MarkerDiffers, (await FailsAsync(isTransient: false, () => third.CommitAsync(other))).Code);
        Assert.Equal([1], await rig.CommittedAsync());
        Assert.Equal([1], await rig.WrittenAsync());
    }

    [Fact]
    public async Task C15_commit_that_fails_for_long_skips_nothing()
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var rig = new BrokerRig(server);
        var (first, permit) = await PreparedAsync(rig, Impatient, network: proxy);
        proxy.Strike(KafkaProxy.EndTransaction, Fate.CutBeforeRequest, andStayAway: true);
        await FailsAsync(isTransient: true, () => first.CommitAsync(permit));
        await FailsAsync(isTransient: true, () => rig.StartAsync(2, network: proxy));
        await GoOnAsync(rig, isCommitted: false);
    }

    private static CheckpointRef At(long epoch, long id) => new(new Epoch(epoch), new CheckpointId(id));

    // As long as a commit of unknown outcome is waited for; opening must fit in as well.
    private static void Impatient(KafkaSinkAttribute attribute) => attribute.TransactionTimeoutSeconds = 6;

    /// <summary>The first instance, which has written the first account and prepared its first checkpoint.</summary>
    private static async Task<(SinkInstance Instance, CommitPermit Permit)> PreparedAsync(
        BrokerRig rig, Action<KafkaSinkAttribute>? configure = null, KafkaProxy? network = null)
    {
        var first = await rig.StartAsync(1, configure, network: network);
        await first.WriteAsync(BrokerRig.Insert(1));
        return (first, await first.PrepareAsync(1));
    }

    /// <summary>Ends the process while its request to commit the first account is on the way.</summary>
    private static async Task DieInCommitAsync(BrokerRig rig, KafkaProxy proxy, Fate fate)
    {
        var (first, permit) = await PreparedAsync(rig, network: proxy);
        proxy.Strike(KafkaProxy.EndTransaction, fate, andStayAway: true);
        using var death = new CancellationTokenSource();
        var commit = first.Connection.CommitAsync(permit, death.Token).AsTask();
        await proxy.Struck.WaitAsync(Cancellation);
        await death.CancelAsync();
        Assert.Equal(KafkaSinkErrors.OutcomeUnknown, (await FailsAsync(isTransient: true, () => commit)).Code);
        await first.Connection.DisposeAsync();
    }

    /// <summary>The next instance goes on where the marker says, and both accounts are there once.</summary>
    private static async Task GoOnAsync(BrokerRig rig, bool isCommitted)
    {
        var next = await rig.StartAsync(3);
        Assert.Equal(isCommitted ? At(1, 1) : null, next.Marker);
        Assert.Equal(isCommitted ? [1] : [], await rig.CommittedAsync());
        await next.WriteAsync(isCommitted ? [BrokerRig.Insert(2)] : [BrokerRig.Insert(1), BrokerRig.Insert(2)]);
        await next.CheckpointAsync(2);
        Assert.Equal([1, 2], await rig.CommittedAsync());
        Assert.Equal(isCommitted ? [1, 2] : [1, 1, 2], await rig.WrittenAsync());
    }

    private static async Task IsFencedAsync(Func<Task> work)
    {
        var error = await FailsAsync(isTransient: false, work);
        Assert.True(error.IsFenced);
        Assert.Contains("epoch 2 has taken over, on there", error.Message, StringComparison.Ordinal);
    }

    private static async Task<CdcFlowException> FailsAsync(bool isTransient, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.True(isTransient == error.IsTransient, error.ToString());
        return error;
    }
}
