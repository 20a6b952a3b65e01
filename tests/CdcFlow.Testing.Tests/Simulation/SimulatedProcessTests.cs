using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing.Tests.Simulation;

public sealed class SimulatedProcessTests
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory, InlineData(null), InlineData(1), InlineData(2)]
    public void One_seed_gives_one_trace(int? seed) => Assert.Equal(Run(seed).TraceHash, Run(seed).TraceHash);

    [Fact]
    public void Seeds_give_different_orders() =>
        Assert.True(Enumerable.Range(0, 20).Select(seed => Run(seed).Order).Distinct().Count() > 5);

    [Fact]
    public void Without_a_seed_tasks_run_in_the_order_in_which_they_were_queued() => Assert.StartsWith("abcabc", Run(null).Order);

    [Fact]
    public void Process_dies_before_each_step_and_nothing_runs_after()
    {
        var steps = Run(null).Steps;
        for (var step = 1; step <= steps; step++)
        {
            var process = new SimulatedProcess(null, start);
            process.DieBefore(step);
            var order = Start(process);
            Assert.False(process.Run(() => false));
            Assert.True(process.IsDead);
            var length = order.Length;
            Assert.False(process.Scheduler.RunOne());
            process.Scheduler.Start(() => throw new InvalidOperationException("ran after death"));
            Assert.False(process.Run(() => false));
            Assert.Equal(length, order.Length);
        }
    }

    [Fact]
    public void Code_that_leaves_the_scheduler_is_named()
    {
        var process = new SimulatedProcess(null, start);
        process.Step("on the test's own thread");
        Assert.Equal(["on the test's own thread"], process.Escapes);
    }

    [Fact]
    public void Delays_take_no_time_and_end_in_the_order_in_which_they_are_due()
    {
        var process = new SimulatedProcess(7, start);
        var order = new List<int>();
        foreach (var seconds in new[] { 30, 10, 20 })
        {
            process.Scheduler.Start(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), process.Time);
                order.Add(seconds);
            });
        }

        Assert.True(process.Run(() => order.Count == 3));
        Assert.Equal([10, 20, 30], order);
        Assert.Equal(start.AddSeconds(30), process.Time.GetUtcNow());
    }

    [Fact]
    public async Task Periodic_timer_ticks_once_per_period()
    {
        var process = new SimulatedProcess(null, start);
        var ticks = 0;
        var loop = process.Scheduler.Start(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), process.Time);
            while (ticks < 3 && await timer.WaitForNextTickAsync())
            {
                ticks++;
            }
        });
        process.Run(() => loop.IsCompleted, jump: false);
        Assert.Equal(0, ticks);
        process.Time.Advance(TimeSpan.FromSeconds(9));
        process.Run(() => loop.IsCompleted, jump: false);
        Assert.Equal(0, ticks);
        process.Time.Advance(TimeSpan.FromSeconds(1));
        process.Run(() => loop.IsCompleted, jump: false);
        Assert.Equal(1, ticks);
        Assert.True(process.Run(() => loop.IsCompleted));
        Assert.Equal(3, ticks);
        await loop;
    }

    private static (ulong TraceHash, long Steps, string Order) Run(int? seed)
    {
        var process = new SimulatedProcess(seed, start);
        var order = Start(process);
        process.Run(() => false);
        Assert.Empty(process.Escapes);
        return (process.TraceHash, process.Steps, order.ToString());
    }

    private static System.Text.StringBuilder Start(SimulatedProcess process)
    {
        var order = new System.Text.StringBuilder();
        foreach (var name in "abc")
        {
            process.Scheduler.Start(async () =>
            {
                for (var turn = 0; turn < 4; turn++)
                {
                    order.Append(name);
                    await process.StepAsync($"{name}{turn}");
                }
            });
        }

        return order;
    }
}
