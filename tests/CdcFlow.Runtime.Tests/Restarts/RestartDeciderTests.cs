using CdcFlow.Runtime.Restarts;

namespace CdcFlow.Runtime.Tests.Restarts;

public sealed class RestartDeciderTests
{
    private static readonly DateTimeOffset start = DateTimeOffset.UnixEpoch;
    private static readonly CdcFlowException transient = new("CDCF9999", "The server went away.", isTransient: true);

    private static readonly CdcFlowException away = new("CDCF9999", "The server is away.", isTransient: true) { IsAway = true };
    private static readonly CdcFlowException fullDisk = new("CDCF9999", "The disk is full.", isTransient: true) { IsWaitedOut = true };
    private static readonly RestartOptions options = new() { RestartsMax = 4, BackoffMax = TimeSpan.FromSeconds(1) };

    private readonly RestartDecider decider = new(options, waitsOut: true, new Random(1));

    [Fact]
    public void Pause_doubles_up_to_the_longest_and_is_spread_over_its_upper_half()
    {
        var full = new[] { 200, 400, 800, 1000 };
        foreach (var milliseconds in full)
        {
            var restart = Assert.IsType<RestartDecision.Restart>(decider.Decide(transient, start));
            Assert.InRange(restart.Pause.TotalMilliseconds, milliseconds / 2.0, milliseconds);
        }
    }

    [Fact]
    public void Too_many_end_it_and_name_the_cause()
    {
        for (var restart = 0; restart < 4; restart++)
        {
            Assert.IsType<RestartDecision.Restart>(decider.Decide(transient, start));
        }

        var error = Assert.IsType<CdcFlowException>(Assert.IsType<RestartDecision.GiveUp>(decider.Decide(transient, start)).Error);
        Assert.Equal("CDCF2012", error.Code);
        Assert.Same(transient, error.InnerException);
    }

    /// <summary>A call that always runs into its time-out of 100 s, a take-down of minutes, three checkpoints that are given up: each cycle is as long as it likes.</summary>
    [Theory, InlineData(101), InlineData(11 * 60), InlineData(24 * 60 * 60)]
    public void What_takes_long_to_fail_is_not_tried_for_ever_either(int secondsApart)
    {
        for (var restart = 0; restart < 4; restart++)
        {
            Assert.IsType<RestartDecision.Restart>(decider.Decide(transient, start + (restart * TimeSpan.FromSeconds(secondsApart)), wasOpen: true));
        }

        Assert.IsType<RestartDecision.GiveUp>(decider.Decide(transient, start + (4 * TimeSpan.FromSeconds(secondsApart)), wasOpen: true));
    }

    [Fact]
    public void Restarts_before_a_committed_checkpoint_do_not_count()
    {
        for (var restart = 0; restart < 20; restart++)
        {
            var decision = decider.Decide(transient, start);
            Assert.InRange(Assert.IsType<RestartDecision.Restart>(decision).Pause.TotalMilliseconds, 100, 200);
            decider.Progressed();
        }
    }

    [Fact]
    public void What_is_waited_out_is_tried_again_for_ever_with_the_longest_pause_and_is_not_held_against_what_follows()
    {
        for (var restart = 0; restart < 2000; restart++)
        {
            var pause = Assert.IsType<RestartDecision.Restart>(decider.Decide(fullDisk, start)).Pause;
            Assert.InRange(pause.TotalMilliseconds, restart < 3 ? 100 : 500, 1000);
        }

        Too_many_end_it_and_name_the_cause();
    }

    [Fact]
    public void Run_that_is_to_end_waits_nothing_out()
    {
        var bounded = new RestartDecider(options, waitsOut: false, new Random(1));
        for (var restart = 0; restart < 4; restart++)
        {
            Assert.IsType<RestartDecision.Restart>(bounded.Decide(fullDisk, start));
        }

        Assert.IsType<RestartDecision.GiveUp>(bounded.Decide(fullDisk, start));
    }

    [Fact]
    public void No_restarts_are_none()
    {
        var never = new RestartDecider(options with { RestartsMax = 0 }, waitsOut: true, new Random(1));
        foreach (var fault in new[] { transient, fullDisk })
        {
            Assert.Same(fault, Assert.IsType<RestartDecision.GiveUp>(never.Decide(fault, start)).Error);
        }
    }

    public static TheoryData<Exception, bool> Failures => new()
    {
        { transient, true },
        { new IOException("broken pipe"), true },
        { new TimeoutException(), true },
        { new CdcFlowException("CDCF9999", "Wrong password."), false },
        { new CdcFlowException("CDCF9999", "Fenced.", isTransient: true) { IsFenced = true }, false },
        { new InvalidOperationException("a broken invariant"), false },
    };

    [Theory, MemberData(nameof(Failures))]
    public void Only_what_may_heal_is_tried_again(Exception failure, bool again) =>
        Assert.Equal(again, decider.Decide(failure, start) is RestartDecision.Restart);

    [Fact]
    public void What_is_away_is_waited_for_until_the_limit_however_many_tries_that_takes_and_always_since_the_first()
    {
        var now = start;
        while (true)
        {
            var decision = decider.Decide(away, now);
            if (decision is RestartDecision.GiveUp(var error))
            {
                Assert.Equal(options.AwayMax, now - start);
                Assert.Equal("CDCF2014", Assert.IsType<CdcFlowException>(error).Code);
                Assert.Same(away, error.InnerException);
                return;
            }

            var restart = Assert.IsType<RestartDecision.Restart>(decision);
            Assert.Equal(start, restart.AwaySince);
            Assert.InRange(restart.Pause, TimeSpan.FromTicks(1), options.BackoffMax);
            now += restart.Pause;
        }
    }

    [Fact]
    public void What_breaks_a_running_pipeline_counts_and_its_absence_afterwards_is_waited_for_since_then()
    {
        Assert.Null(Assert.IsType<RestartDecision.Restart>(decider.Decide(away, start, wasOpen: true)).AwaySince);
        var later = start + TimeSpan.FromMinutes(59);
        Assert.Equal(start, Assert.IsType<RestartDecision.Restart>(decider.Decide(away, later)).AwaySince);
        Assert.IsType<RestartDecision.GiveUp>(decider.Decide(away, start + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void What_breaks_a_running_pipeline_again_and_again_is_not_waited_out()
    {
        for (var restart = 0; restart < 4; restart++)
        {
            Assert.IsType<RestartDecision.Restart>(decider.Decide(away, start, wasOpen: true));
        }

        Assert.IsType<RestartDecision.GiveUp>(decider.Decide(away, start, wasOpen: true));
    }

    [Fact]
    public void Run_that_is_to_end_by_itself_does_not_wait_for_what_is_away()
    {
        var bounded = new RestartDecider(options, waitsOut: false, new Random(1));
        for (var restart = 0; restart < 4; restart++)
        {
            Assert.Null(Assert.IsType<RestartDecision.Restart>(bounded.Decide(away, start)).AwaySince);
        }

        Assert.IsType<RestartDecision.GiveUp>(bounded.Decide(away, start));
    }
}
