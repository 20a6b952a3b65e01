using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Protocol;

/// <summary>Every refusal of recovery recurs at each start, so each must say how to go on, and what it says must go on.</summary>
public sealed class WaysOutTests
{
    private static readonly (string, SinkKind) bus = ("bus", SinkKind.Transactional);
    private static readonly (string, SinkKind) lake = ("lake", SinkKind.Staged);

    /// <summary>What was found, the code, the command that the message names, and what the command gives.</summary>
    public static TheoryData<string, RecoveryFacts, string, CheckpointRef?> Refusals => new()
    {
        { CheckpointErrorCodes.MarkerAhead, Facts([Readable(Ref(2), Ref(1), bus)], Opened(bus, Ref(9))), "`run --restore-from ID@EPOCH`", Ref(2) },
        { CheckpointErrorCodes.MarkerAhead, Facts([], Opened(bus, Ref(9))), "or `none` to begin afresh", null },
        { CheckpointErrorCodes.MarkerAhead, Facts([Readable(Ref(2), Ref(1), lake)], Opened(lake, Ref(9))), "`run --restore-from ID@EPOCH`", Ref(2) },
        { CheckpointErrorCodes.StateMissing, Facts([Readable(Ref(3), Ref(2), bus), Readable(Ref(1), null, bus)], Opened(bus, Ref(2))), "`run --restore-from ID@EPOCH`", Ref(1) },
        { CheckpointErrorCodes.MarkerMissing, Facts([Readable(Ref(2), Ref(1), bus), Readable(Ref(1), null, bus)], Opened(bus)), "`run --restore-from 1@1`", Ref(1) },
        { CheckpointErrorCodes.Damaged, Facts([Damaged(Ref(2)), Readable(Ref(1), null, bus)], Opened(bus, Ref(2))), "`run --restore-from ID@EPOCH`", Ref(1) },
        { CheckpointErrorCodes.Damaged, Facts([Damaged(Ref(2))], Opened(bus, Ref(2))), "or `none` to begin afresh", null },
        { CheckpointErrorCodes.NewerFormat, Facts([Newer(Ref(2)), Readable(Ref(1), null, lake)], Opened(lake)), "`run --restore-from ID@EPOCH`", Ref(1) },
        { CheckpointErrorCodes.SinkRemoved, Facts([Readable(Ref(2), Ref(1), bus, lake)], Opened(lake)), "`run --restore-from 2@1`", Ref(2) },
        { CheckpointErrorCodes.SourceRemoved, Facts([Readable(Ref(2), Ref(2), bus)], Opened(bus, Ref(2))) with { Sources = ["shop2"] }, "`run --restore-from 2@1`", Ref(2) },
        { CheckpointErrorCodes.OverrideUnknown, Facts([Readable(Ref(2), Ref(2), bus)], Opened(bus, Ref(2))) with { Override = new RecoveryOverride(Ref(7)) }, "`checkpoints list`", Ref(2) },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_a_refusal_says_goes_on(string code, RecoveryFacts facts, string command, CheckpointRef? named)
    {
        var refusal = Assert.IsType<Refusal>(Recovery.Decide(facts));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(command, refusal.Fix, StringComparison.Ordinal);

        var decision = Recovery.Decide(facts with { Override = new RecoveryOverride(named) });
        if (named is { } checkpoint)
        {
            Assert.Equal(checkpoint, Assert.IsType<Restore>(decision).Checkpoint.Manifest.Checkpoint);
        }
        else
        {
            Assert.IsType<FreshStart>(decision);
        }
    }

    [Fact]
    public void State_that_has_grown_too_large_can_be_begun_afresh()
    {
        var facts = Facts([Readable(Ref(2), Ref(2), bus)], Opened(bus, Ref(2)));
        Assert.IsType<FreshStart>(Recovery.Decide(facts with { Override = new RecoveryOverride(null) }));
    }

    private static RecoveryFacts Facts(StoredCheckpoint[] stored, params OpenedSink[] sinks) => new("orders", stored, sinks) { Sources = ["shop"] };

    private static OpenedSink Opened((string Name, SinkKind Kind) sink, CheckpointRef? marker = null) => new(sink.Name, sink.Kind, marker);

    private static ReadableCheckpoint Readable(CheckpointRef checkpoint, CheckpointRef? lastCommitted, params (string, SinkKind)[] sinks) =>
        new(Manifest(checkpoint, lastCommitted, sinks));

    private static DamagedCheckpoint Damaged(CheckpointRef checkpoint) => new(checkpoint, CheckpointErrorCodes.Damaged, "its checksum does not fit");

    private static DamagedCheckpoint Newer(CheckpointRef checkpoint) => new(checkpoint, CheckpointErrorCodes.NewerFormat, "it has format 2");
}
