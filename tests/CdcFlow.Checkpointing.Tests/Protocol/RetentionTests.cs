using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Protocol;

public sealed class RetentionTests
{
    [Fact]
    public void Committed_checkpoint_and_those_before_it_are_kept_up_to_the_number_asked_for() =>
        Assert.Equal([Ref(1), Ref(2)], Retention.Deletable([Ref(4), Ref(2), Ref(1), Ref(3)], Proof(Ref(4)), keep: 2));

    [Fact]
    public void Anything_newer_than_the_committed_checkpoint_is_kept_because_a_marker_may_name_it() =>
        Assert.Equal([Ref(1)], Retention.Deletable([Ref(3), Ref(4, epoch: 2), Ref(2), Ref(1)], Proof(Ref(2)), keep: 1));

    [Fact]
    public void Attempt_of_a_fenced_instance_goes_with_its_age() =>
        Assert.Equal([Ref(4, epoch: 1), Ref(5, epoch: 1)], Retention.Deletable([Ref(5, epoch: 1), Ref(5, epoch: 2), Ref(4, epoch: 1)], Proof(Ref(5, epoch: 2)), keep: 1));

    [Fact]
    public void Keeping_none_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Retention.Deletable([], Proof(Ref(1)), keep: 0));

    [Fact]
    public void Side_file_lives_as_long_as_a_checkpoint_names_it() =>
        Assert.Equal([file("c")], Retention.Unnamed([file("a"), file("b"), file("c")], [Stored(Ref(1), file("a"), file("b")), Stored(Ref(2), file("b"))]));

    [Fact]
    public void No_side_file_is_unnamed_while_a_checkpoint_cannot_be_read() =>
        Assert.Empty(Retention.Unnamed([file("a")], [Stored(Ref(2)), new DamagedCheckpoint(Ref(1), CheckpointErrorCodes.Damaged, "torn")]));

    private static readonly Func<string, SideFileRef> file = text => SideFile.Of(new Epoch(1), System.Text.Encoding.UTF8.GetBytes(text)).Name;

    private static ReadableCheckpoint Stored(CheckpointRef checkpoint, params SideFileRef[] files) => new(Manifest(checkpoint, files));

    private static DurableCheckpoint Proof(CheckpointRef checkpoint) =>
        new DecidedCheckpoint(Manifest(checkpoint), []).CommitAsync((_, _, _) => ValueTask.CompletedTask, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
