using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Protocol;

public sealed class MarkerStandingTests
{
    private static readonly StoreId own = StoreId.New();

    public static TheoryData<SinkKind, long, bool, MarkerStanding> Cases => new()
    {
        { SinkKind.Transactional, 2, true, MarkerStanding.InStep },
        { SinkKind.Transactional, 1, true, MarkerStanding.Behind },
        { SinkKind.Transactional, 0, true, MarkerStanding.Behind },
        { SinkKind.Transactional, 3, true, MarkerStanding.Ahead },
        { SinkKind.Transactional, 2, false, MarkerStanding.Foreign },
        { SinkKind.Staged, 2, true, MarkerStanding.InStep },
        { SinkKind.Staged, 1, true, MarkerStanding.InStep },
        { SinkKind.Staged, 0, true, MarkerStanding.InStep },
        { SinkKind.Staged, 3, true, MarkerStanding.Ahead },
        { SinkKind.Staged, 2, false, MarkerStanding.Foreign },
        { SinkKind.Idempotent, 0, true, MarkerStanding.KeepsNone },
        { SinkKind.AtLeastOnce, 0, true, MarkerStanding.KeepsNone },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Marker_is_compared_with_a_store_of_two_checkpoints(SinkKind kind, long committed, bool isOwn, MarkerStanding expected)
    {
        CheckpointRef? checkpoint = committed == 0 ? null : Ref(committed);
        var sink = new OpenedSink("sink", kind, checkpoint) { Found = new SinkMarker(isOwn ? own : StoreId.New(), new Epoch(1), checkpoint) };
        StoredCheckpoint[] stored = [new ReadableCheckpoint(Manifest(Ref(1))), new ReadableCheckpoint(Manifest(Ref(2), Ref(1)))];
        Assert.Equal(expected, MarkerStandings.Of(sink, stored, own));
        Assert.Equal(expected, MarkerStandings.Of(sink, [.. stored.Reverse()], own));
    }

    [Theory, InlineData(SinkKind.Transactional), InlineData(SinkKind.Staged)]
    public void Sink_that_nobody_has_opened_has_none(SinkKind kind) =>
        Assert.Equal(MarkerStanding.Absent, MarkerStandings.Of(new OpenedSink("sink", kind, null), [], store: null));

    [Fact]
    public void Marker_without_a_single_checkpoint_in_the_store_is_ahead() => Assert.Equal(
        MarkerStanding.Ahead,
        MarkerStandings.Of(new OpenedSink("sink", SinkKind.Transactional, Ref(1)) { Found = new SinkMarker(own, new Epoch(1), Ref(1)) }, [], own));
}
