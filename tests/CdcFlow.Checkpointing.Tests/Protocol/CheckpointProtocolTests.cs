using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Protocol;

public sealed class CheckpointProtocolTests
{
    private readonly InMemoryCheckpointStore store = new("orders", TimeProvider.System);
    private readonly List<string> calls = [];

    [Fact]
    public async Task Checkpoint_is_durable_before_the_transactional_sink_decides_and_the_others_follow()
    {
        var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        var prepared = await Pending(lease).PrepareAsync(lease, DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.NotNull(await store.LoadAsync(Ref(1), CancellationToken.None));
        Assert.Empty(calls);

        var decided = await prepared.DecideAsync(Commit, CancellationToken.None);
        Assert.Equal(["bus {\"tx\":1}"], calls);

        var proof = await decided.CommitAsync(Commit, CancellationToken.None);
        Assert.Equal(["bus {\"tx\":1}", "archive null", "lake {\"files\":[1]}"], calls);
        Assert.Equal(Ref(1), proof.Checkpoint);
    }

    [Fact]
    public async Task Fenced_instance_mints_no_permit()
    {
        var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        store.AbandonLease();
        await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);

        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await Pending(lease).PrepareAsync(lease, DateTimeOffset.UnixEpoch, CancellationToken.None));
        Assert.True(error.IsFenced);
        Assert.Empty(await store.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Failed_decision_commits_nothing_else()
    {
        var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        var prepared = await Pending(lease).PrepareAsync(lease, DateTimeOffset.UnixEpoch, CancellationToken.None);
        await Assert.ThrowsAsync<IOException>(async () => await prepared.DecideAsync((_, _, _) => throw new IOException(), CancellationToken.None));
        Assert.Empty(calls);
    }

    [Fact]
    public async Task Checkpoint_of_another_epoch_is_a_mistake()
    {
        var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        var pending = new PendingCheckpoint("orders", Ref(1, epoch: 2), "", null);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pending.PrepareAsync(lease, DateTimeOffset.UnixEpoch, CancellationToken.None));
    }

    [Fact]
    public void Second_transactional_connection_is_a_mistake()
    {
        var pending = new PendingCheckpoint("orders", Ref(1), "", null);
        pending.AcknowledgeSink("bus", SinkKind.Transactional, Committable.None);
        Assert.Throws<InvalidOperationException>(() => pending.AcknowledgeSink("warehouse", SinkKind.Transactional, Committable.None));
    }

    [Fact]
    public void Acknowledging_twice_is_a_mistake()
    {
        var pending = new PendingCheckpoint("orders", Ref(1), "", null);
        pending.AcknowledgeSource("shop", Json("1"));
        Assert.Throws<ArgumentException>(() => pending.AcknowledgeSource("shop", Json("2")));
    }

    [Fact]
    public async Task Committed_checkpoint_can_be_noted_as_such()
    {
        var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        var prepared = await Pending(lease).PrepareAsync(lease, DateTimeOffset.UnixEpoch, CancellationToken.None);
        var decided = await prepared.DecideAsync(Commit, CancellationToken.None);
        var proof = await decided.CommitAsync(Commit, CancellationToken.None);

        await decided.NoteCommittedAsync(lease, proof, CancellationToken.None);
        Assert.True(Assert.IsType<ReadableCheckpoint>(await store.LoadAsync(Ref(1), CancellationToken.None)).Manifest.IsKnownCommitted);
    }

    private static PendingCheckpoint Pending(ICheckpointLease lease)
    {
        var pending = new PendingCheckpoint("orders", new CheckpointRef(lease.Epoch, new CheckpointId(1)), "", null);
        pending.AcknowledgeSource("shop", Json("""{"lsn":1}"""));
        pending.AcknowledgeSink("lake", SinkKind.Staged, Committable.Parse("""{"files":[1]}"""));
        pending.AcknowledgeSink("bus", SinkKind.Transactional, Committable.Parse("""{"tx":1}"""));
        pending.AcknowledgeSink("archive", SinkKind.Idempotent, Committable.None);
        return pending;
    }

    private ValueTask Commit(string connection, CommitPermit permit, CancellationToken cancellationToken)
    {
        calls.Add($"{connection} {permit.Committable.Json.GetRawText()}");
        return ValueTask.CompletedTask;
    }
}
