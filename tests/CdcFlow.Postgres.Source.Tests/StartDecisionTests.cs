using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source.Tests;

public class StartDecisionTests
{
    private static readonly ServerState server = new("1", 1, "shop", new Lsn(1000), 16);
    private static readonly SlotState slot = new("s", "pgoutput", "shop", null, IsLost: false, new Lsn(100), IsTwoPhase: false);

    [Theory]
    [InlineData(Startup.Initial, true)]
    [InlineData(Startup.WhenNeeded, true)]
    [InlineData(Startup.SnapshotOnly, true)]
    [InlineData(Startup.Latest, false)]
    public void First_start_makes_the_slot_or_uses_one_that_is_left(Startup startup, bool snapshots)
    {
        Assert.Equal(new StartPlan(true, false, null, snapshots, false), StartDecision.Decide(null, startup, null, "s", server));
        Assert.Equal(new StartPlan(false, false, null, snapshots, false), StartDecision.Decide(null, startup, slot, "s", server));
        Assert.Equal(new StartPlan(true, true, null, snapshots, false), StartDecision.Decide(null, startup, slot with { IsLost = true }, "s", server));
    }

    [Fact]
    public void State_at_or_behind_the_slot_goes_on_and_one_before_it_does_not()
    {
        Assert.Null(StartDecision.Gap(State(100), slot, server));
        Assert.Null(StartDecision.Gap(State(500), slot, server));
        Assert.Equal(PostgresSourceErrorCodes.SlotAhead, StartDecision.Gap(State(99), slot, server)?.Code);
    }

    [Fact]
    public void Promoted_server_is_refused_unless_slots_follow_a_failover_there()
    {
        Assert.Equal(PostgresSourceErrorCodes.OtherTimeline, StartDecision.Gap(State(500), slot, server with { Timeline = 2 })?.Code);
        Assert.Null(StartDecision.Gap(State(500), slot, server with { Timeline = 2, Version = 17 }));
        Assert.Equal(PostgresSourceErrorCodes.OtherTimeline, StartDecision.Gap(State(1001), slot, server with { Timeline = 2, Version = 17 })?.Code);
    }

    private static PostgresSourceState State(ulong at) =>
        new(new SourceIdentity("1", 1, "shop", "s", default), new Lsn(at), null, [], new Dictionary<TableId, IReadOnlyList<string>>());
}
