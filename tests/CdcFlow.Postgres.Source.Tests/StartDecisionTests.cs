using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source.Tests;

public class StartDecisionTests
{
    private static readonly ServerState server = new("1", 1, "shop", new Lsn(1000));
    private static readonly SlotState slot = new("s", "pgoutput", "shop", null, IsLost: false, new Lsn(100), IsTwoPhase: false);

    [Theory]
    [InlineData(Startup.Initial, true)]
    [InlineData(Startup.WhenNeeded, true)]
    [InlineData(Startup.SnapshotOnly, true)]
    [InlineData(Startup.Latest, false)]
    public void First_start_makes_the_slot_or_uses_one_that_is_left(Startup startup, bool snapshots)
    {
        Assert.Equal(new StartPlan(true, false, null, snapshots, false), StartDecision.Decide(null, startup, false, null, "s", server, null, "shop"));
        Assert.Equal(new StartPlan(false, false, null, snapshots, false), StartDecision.Decide(null, startup, false, slot, "s", server, null, "shop"));
        Assert.Equal(new StartPlan(true, true, null, snapshots, false), StartDecision.Decide(null, startup, false, slot with { IsLost = true }, "s", server, null, "shop"));
    }

    [Fact]
    public void State_at_or_behind_the_slot_goes_on_and_one_before_it_does_not()
    {
        Assert.Null(StartDecision.Gap(State(100), slot, "s", server, null, "shop"));
        Assert.Null(StartDecision.Gap(State(500), slot, "s", server, null, "shop"));
        Assert.Equal(PostgresSourceErrorCodes.SlotAhead, StartDecision.Gap(State(99), slot, "s", server, null, "shop")?.Code);
    }

    [Fact]
    public void Server_whose_log_ends_before_the_state_is_refused()
    {
        Assert.Null(StartDecision.Gap(State(1000), slot, "s", server, null, "shop"));
        Assert.Equal(PostgresSourceErrorCodes.OtherTimeline, StartDecision.Gap(State(1001), slot, "s", server, null, "shop")?.Code);
    }

    [Fact]
    public void Promoted_server_goes_on_from_a_state_before_the_fork_alone()
    {
        var promoted = server with { Timeline = 3, History = TimelineHistory.Parse("1\t0/1F4\tno recovery target specified\n\n2\t0/258\tno recovery target specified\n") };

        Assert.Null(StartDecision.Gap(State(500), slot, "s", promoted, null, "shop"));
        Assert.Null(StartDecision.Gap(State(400, inside: 499), slot, "s", promoted, null, "shop"));
        Assert.Null(StartDecision.Gap(State(600, timeline: 2), slot, "s", promoted, null, "shop"));
        Assert.Null(StartDecision.Gap(State(900, timeline: 3), slot, "s", promoted, null, "shop"));
        foreach (var state in new[] { State(501), State(400, inside: 500), State(601, timeline: 2), State(100, timeline: 4) })
        {
            var gap = StartDecision.Gap(state, slot, "s", promoted, null, "shop");
            Assert.Equal((PostgresSourceErrorCodes.OtherTimeline, true), (gap?.Code, gap?.IsPositionLost));
        }
    }

    private static PostgresSourceState State(ulong at, uint timeline = 1, ulong? inside = null) => new(
        new SourceIdentity("1", timeline, "shop", "s", default), new Lsn(at), inside is { } commit ? new TransactionPart(new Lsn(commit), 7) : null,
        [], new Dictionary<TableId, TableSchema>());
}
