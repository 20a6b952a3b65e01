using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Protocol;

/// <summary>How a pipeline starts, case by case. The numbers C1 to C15 are those of the crash table in docs/explanation/checkpoints.md.</summary>
public sealed class RecoveryTests
{
    private static readonly (string, SinkKind) bus = ("bus", SinkKind.Transactional);
    private static readonly (string, SinkKind) lake = ("lake", SinkKind.Staged);

    [Fact]
    public void First_start_of_all_is_fresh_and_numbers_from_1() =>
        Assert.Equal(new FreshStart(new CheckpointId(1)), Decide([], Opened(bus)));

    [Fact]
    public void C1_crash_before_anything_was_prepared_replays_from_the_marker() =>
        AssertRestores(Ref(1), Decide([Readable(Ref(1), null, bus)], Opened(bus, Ref(1))));

    [Fact]
    public void C2_state_that_was_prepared_but_not_decided_is_passed_over() =>
        AssertRestores(Ref(1), Decide([Readable(Ref(2), Ref(1), bus), Readable(Ref(1), null, bus)], Opened(bus, Ref(1))));

    [Fact]
    public void C2_first_state_of_all_that_was_prepared_but_not_decided_is_passed_over() =>
        Assert.Equal(new FreshStart(new CheckpointId(2)), Decide([Readable(Ref(1), null, bus)], Opened(bus)));

    [Fact]
    public void C2_without_a_transactional_sink_the_write_was_the_decision_and_its_commit_is_finished() =>
        AssertRestores(Ref(2), Decide([Readable(Ref(1), null, lake), Readable(Ref(2), Ref(1), lake)], Opened(lake, Ref(1))), "lake");

    [Fact]
    public void C3_commit_that_was_decided_unseen_is_told_by_the_marker() =>
        AssertRestores(Ref(2), Decide([Readable(Ref(2), Ref(1), bus), Readable(Ref(1), null, bus)], Opened(bus, Ref(2))));

    [Fact]
    public void C4_and_C5_unknown_or_timed_out_commit_is_settled_by_the_marker_that_is_read_after_fencing()
    {
        StoredCheckpoint[] stored = [Readable(Ref(7), Ref(6), bus), Readable(Ref(6), Ref(5), bus)];
        AssertRestores(Ref(7), Decide(stored, Opened(bus, Ref(7))));
        AssertRestores(Ref(6), Decide(stored, Opened(bus, Ref(6))));
    }

    [Fact]
    public void C6_number_that_a_paused_instance_and_its_successor_both_prepared_is_told_apart_by_epoch() =>
        AssertRestores(Ref(5, epoch: 2), Decide([Readable(Ref(5, epoch: 1), Ref(4), bus), Readable(Ref(5, epoch: 2), Ref(4), bus)], Opened(bus, Ref(5, epoch: 2))));

    [Fact]
    public void C7_marker_that_is_missing_although_a_checkpoint_was_committed_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.MarkerMissing, Decide([Readable(Ref(2), Ref(1), bus)], Opened(bus)));

    [Fact]
    public void C7_marker_that_is_missing_after_the_only_checkpoint_was_noted_as_committed_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.MarkerMissing, Decide([Readable(Ref(1), Ref(1), bus)], Opened(bus)));

    [Fact]
    public void C7_operator_can_name_the_checkpoint_instead_of_a_missing_marker() =>
        AssertRestores(Ref(2), Decide([Readable(Ref(2), Ref(1), bus)], new RecoveryOverride(Ref(2)), Opened(bus)));

    [Fact]
    public void C8_marker_ahead_of_a_store_that_was_rolled_back_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Decide([Readable(Ref(3), Ref(2), bus)], Opened(bus, Ref(9, epoch: 2))));

    [Fact]
    public void C8_marker_without_any_store_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Decide([], Opened(bus, Ref(9))));

    [Fact]
    public void C8_staged_sink_ahead_of_the_store_is_refused()
    {
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Decide([Readable(Ref(3), Ref(2), lake)], Opened(lake, Ref(4))));
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Decide([], Opened(lake, Ref(4))));
    }

    [Fact]
    public void C8_staged_sink_ahead_of_the_deciding_sink_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Decide([Readable(Ref(1), null, bus, lake), Readable(Ref(2), Ref(1), bus, lake)], Opened(bus, Ref(1)), Opened(lake, Ref(2))));

    [Fact]
    public async Task C14_crash_between_two_commits_finishes_the_other_sink_only_and_harmlessly()
    {
        var decision = Assert.IsType<Restore>(Decide([Readable(Ref(4), Ref(3), bus, lake)], Opened(bus, Ref(4)), Opened(lake, Ref(3))));
        Assert.Equal(["lake"], await CommitAsync(decision));
    }

    [Fact]
    public async Task C15_commit_that_keeps_failing_gives_no_proof_to_confirm_sources_with()
    {
        var decision = Assert.IsType<Restore>(Decide([Readable(Ref(4), Ref(3), lake)], Opened(lake, Ref(3))));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<IOException>(async () => await decision.Checkpoint.CommitAsync((_, _, _) => throw new IOException(), CancellationToken.None));
        }
    }

    [Fact]
    public void State_that_the_marker_names_but_the_store_lacks_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.StateMissing, Decide([Readable(Ref(3), Ref(2), bus), Readable(Ref(1), null, bus)], Opened(bus, Ref(2))));

    [Fact]
    public void Store_of_another_pipeline_is_refused() =>
        AssertRefuses(
            CheckpointErrorCodes.ForeignPipeline,
            Decide([new ReadableCheckpoint(Manifest(Ref(1)) with { Pipeline = "customers" })], Opened(lake)));

    [Fact]
    public void Damaged_newest_state_gives_way_to_the_one_before_while_no_marker_names_it() =>
        AssertRestores(Ref(1), Decide([Readable(Ref(1), null, lake), Damaged(Ref(2))], Opened(lake, Ref(1))), "lake");

    [Fact]
    public void Damaged_newest_state_that_a_staged_sink_has_committed_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.Damaged, Decide([Readable(Ref(1), null, lake), Damaged(Ref(2))], Opened(lake, Ref(2))));

    [Fact]
    public void Damaged_state_that_the_marker_names_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.Damaged, Decide([Readable(Ref(1), null, bus), Damaged(Ref(2))], Opened(bus, Ref(2))));

    [Fact]
    public void Damaged_state_that_the_marker_does_not_name_is_of_no_interest() =>
        AssertRestores(Ref(1), Decide([Readable(Ref(1), null, bus), Damaged(Ref(2))], Opened(bus, Ref(1))));

    [Fact]
    public void Damaged_state_and_no_marker_is_refused_because_it_might_have_told_of_a_commit() =>
        AssertRefuses(CheckpointErrorCodes.Damaged, Decide([Readable(Ref(1), null, bus), Damaged(Ref(2))], Opened(bus)));

    [Fact]
    public void Store_of_damaged_states_only_is_no_fresh_start() =>
        AssertRefuses(CheckpointErrorCodes.Damaged, Decide([Damaged(Ref(1)), Damaged(Ref(2))], Opened(lake)));

    [Fact]
    public void State_of_a_newer_version_is_never_passed_over() =>
        AssertRefuses(
            CheckpointErrorCodes.NewerFormat,
            Decide([Readable(Ref(1), null, lake), new DamagedCheckpoint(Ref(2), CheckpointErrorCodes.NewerFormat, "it has format 2")], Opened(lake)));

    [Fact]
    public void Transactional_sink_that_is_new_in_the_pipeline_goes_on_from_what_was_decided_without_it() =>
        AssertRestores(Ref(3), Decide([Readable(Ref(3), Ref(2), lake)], Opened(bus), Opened(lake, Ref(3))), "lake");

    [Fact]
    public void Undecided_first_attempt_of_a_new_transactional_sink_is_passed_over()
    {
        var decision = Decide([Readable(Ref(3), Ref(2), lake), Readable(Ref(4), Ref(3), bus, lake)], Opened(bus), Opened(lake, Ref(3)));
        AssertRestores(Ref(3), decision, "lake");
        Assert.Equal(new CheckpointId(5), Assert.IsType<Restore>(decision).NextId);
    }

    [Fact]
    public void Removed_transactional_sink_that_may_have_decided_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.SinkRemoved, Decide([Readable(Ref(2), Ref(1), bus, lake)], Opened(lake)));

    [Fact]
    public void Removed_staged_sink_that_may_have_to_commit_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.SinkRemoved, Decide([Readable(Ref(2), Ref(1), bus, lake)], Opened(bus, Ref(2))));

    [Fact]
    public void Removed_sinks_of_a_checkpoint_that_is_known_to_be_committed_are_forgotten() =>
        AssertRestores(Ref(2), Decide([Readable(Ref(2), Ref(2), bus, lake)]));

    [Fact]
    public void Position_of_a_source_that_is_no_longer_there_is_refused_unless_the_operator_lets_it_go()
    {
        var stored = Readable(Ref(2), Ref(2));
        var renamed = new RecoveryFacts("orders", [stored], []) { Sources = ["shop2"] };
        AssertRefuses(CheckpointErrorCodes.SourceRemoved, Recovery.Decide(renamed));
        AssertRestores(Ref(2), Recovery.Decide(renamed with { Override = new RecoveryOverride(Ref(2)) }));
        AssertRestores(Ref(2), Recovery.Decide(renamed with { Sources = ["shop", "added"] }));
    }

    [Fact]
    public void Operator_can_begin_afresh_and_numbers_stay_above_all_that_was_ever_used() =>
        Assert.Equal(new FreshStart(new CheckpointId(10)), Decide([Readable(Ref(3), Ref(2), bus)], new RecoveryOverride(null), Opened(bus, Ref(9, epoch: 2))));

    [Fact]
    public void Operator_naming_a_checkpoint_that_is_not_there_is_refused() =>
        AssertRefuses(CheckpointErrorCodes.OverrideUnknown, Decide([Readable(Ref(3), Ref(2), bus)], new RecoveryOverride(Ref(1)), Opened(bus, Ref(3))));

    [Fact]
    public void Number_of_the_next_checkpoint_is_above_aborted_and_damaged_ones() =>
        Assert.Equal(new CheckpointId(9), Assert.IsType<Restore>(Decide([Readable(Ref(1), null, bus), Damaged(Ref(8))], Opened(bus, Ref(1)))).NextId);

    [Fact]
    public void Refusal_becomes_an_error_with_its_code_and_fix()
    {
        var error = Assert.IsType<Refusal>(Decide([], Opened(bus, Ref(9)))).ToException();
        Assert.Equal(CheckpointErrorCodes.MarkerAhead, error.Code);
        Assert.Contains("--restore-from", error.Fix, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    private static RecoveryDecision Decide(StoredCheckpoint[] stored, params OpenedSink[] sinks) => Decide(stored, null, sinks);

    private static RecoveryDecision Decide(StoredCheckpoint[] stored, RecoveryOverride? order, params OpenedSink[] sinks)
    {
        var decision = Recovery.Decide(new RecoveryFacts("orders", stored, sinks, order));
        // The store lists in no particular order.
        Array.Reverse(stored);
        Assert.Equal(Describe(decision), Describe(Recovery.Decide(new RecoveryFacts("orders", stored, sinks, order))));
        return decision;
    }

    [Fact]
    public void Fresh_start_after_a_reset_numbers_above_what_readers_still_find() =>
        Assert.Equal(new FreshStart(new CheckpointId(8)), Decide([], Opened(lake) with { Before = Ref(7) }));

    [Fact]
    public void Reset_is_refused_to_another_store_another_pipeline_and_an_older_copy()
    {
        var (own, other) = (StoreId.New(), StoreId.New());
        RecoveryFacts Facts(StoreId? store, string pipeline = "orders") =>
            new(pipeline, [Readable(Ref(1), null, bus)], [Opened(bus, Ref(1)) with { Found = new SinkMarker(own, new Epoch(3), Ref(1)) }]) { Store = store };
        Assert.Null(Recovery.AdmitReset(Facts(own), own: null));
        Assert.Null(Recovery.AdmitReset(Facts(own), new Epoch(4)));
        AssertRefuses(CheckpointErrorCodes.MarkerAhead, Recovery.AdmitReset(Facts(own), new Epoch(3))!);
        AssertRefuses(CheckpointErrorCodes.ForeignStore, Recovery.AdmitReset(Facts(other), own: null)!);
        AssertRefuses(CheckpointErrorCodes.ForeignStore, Recovery.AdmitReset(Facts(null), own: null)!);
        AssertRefuses(CheckpointErrorCodes.ForeignPipeline, Recovery.AdmitReset(Facts(own, "bills"), own: null)!);
    }

    private static string Describe(RecoveryDecision decision) => decision is Restore restore ? $"{restore.Checkpoint.Manifest.Checkpoint} {restore.NextId}" : decision.ToString();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Commit_that_a_later_state_tells_of_is_asked_for_as_one_that_was_made(long restored, bool isKnown)
    {
        var decision = Assert.IsType<Restore>(Decide(
            [Readable(Ref(1), null, lake), Readable(Ref(2), Ref(1), lake)], new RecoveryOverride(Ref(restored)), Opened(lake, Ref(2))));
        await decision.Checkpoint.CommitAsync(
            (_, permit, _) =>
            {
                Assert.Equal(isKnown, permit.IsKnownCommitted);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        var noted = Assert.IsType<Restore>(Decide([Readable(Ref(1), Ref(1), lake)], Opened(lake, Ref(1))));
        await noted.Checkpoint.CommitAsync((_, permit, _) => permit.IsKnownCommitted ? ValueTask.CompletedTask : throw new InvalidOperationException(), CancellationToken.None);
    }

    [Fact]
    public void Sink_of_which_one_place_is_another_stores_or_has_vanished_is_not_opened()
    {
        var (own, other) = (StoreId.New(), StoreId.New());
        var marker = new SinkMarker(own, new Epoch(1), Ref(1));
        StoredCheckpoint[] stored = [new ReadableCheckpoint(Manifest(Ref(1), Ref(1), lake) with { Store = own })];
        Assert.Null(Admit(marker));
        var foreign = Admit(marker with { Elsewhere = new SinkMarker(other, new Epoch(7), null) });
        Assert.Equal(CheckpointErrorCodes.ForeignStore, foreign!.Code);
        Assert.Contains($"belongs to checkpoint store {other}, whose instance (epoch 7)", foreign.Happened, StringComparison.Ordinal);
        var vanished = Admit(marker with { Vanished = "folder '/mnt/audit'" });
        Assert.Equal(CheckpointErrorCodes.SinkVanished, vanished!.Code);
        Assert.Contains("has no trace of pipeline 'orders' in folder '/mnt/audit', although", vanished.Happened, StringComparison.Ordinal);
        Assert.Null(Recovery.Admit(Facts(marker with { Vanished = "folder '/mnt/audit'" }) with { Override = new RecoveryOverride(Ref(1)) }, new Epoch(2)));

        RecoveryFacts Facts(SinkMarker found) => new("orders", stored, [Opened(lake, Ref(1)) with { Found = found }]) { Store = own };
        Refusal? Admit(SinkMarker found) => Recovery.Admit(Facts(found), new Epoch(2));
    }

    private static void AssertRefuses(string code, RecoveryDecision decision) => Assert.Equal(code, Assert.IsType<Refusal>(decision).Code);

    private static void AssertRestores(CheckpointRef checkpoint, RecoveryDecision decision, params string[] toCommit)
    {
        var restore = Assert.IsType<Restore>(decision);
        Assert.Equal(checkpoint, restore.Checkpoint.Manifest.Checkpoint);
        Assert.Equal(toCommit, CommitAsync(restore).GetAwaiter().GetResult());
    }

    private static async Task<List<string>> CommitAsync(Restore restore)
    {
        var committed = new List<string>();
        var proof = await restore.Checkpoint.CommitAsync(
            (connection, permit, _) =>
            {
                Assert.Equal(restore.Checkpoint.Manifest.Checkpoint, permit.Checkpoint);
                committed.Add(connection);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        Assert.Equal(restore.Checkpoint.Manifest.Checkpoint, proof.Checkpoint);
        return committed;
    }

    private static OpenedSink Opened((string Name, SinkKind Kind) sink, CheckpointRef? marker = null) => new(sink.Name, sink.Kind, marker);

    private static ReadableCheckpoint Readable(CheckpointRef checkpoint, CheckpointRef? lastCommitted, params (string, SinkKind)[] sinks) =>
        new(Manifest(checkpoint, lastCommitted, sinks));

    private static DamagedCheckpoint Damaged(CheckpointRef checkpoint) => new(checkpoint, CheckpointErrorCodes.Damaged, "its checksum does not fit");
}
