using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests;

/// <summary>The client behind it is freed memory once its thread has ended it.</summary>
public sealed class ClientWorkTests
{
    private readonly ClientWork work;
    private int woken;

    public ClientWorkTests() => work = new ClientWork(() => woken++);

    [Fact]
    public void Work_wakes_the_client_and_is_taken_in_its_order()
    {
        var done = "";
        work.Add(() => done += "a");
        work.Add(() => done += "b");
        while (work.TryTake(out var next))
        {
            next();
        }

        Assert.Equal(("ab", 2), (done, woken));
    }

    [Fact]
    public void Client_that_has_ended_is_not_touched_by_whoever_comes_late()
    {
        var isTouched = false;
        work.End();
        work.Wake();
        work.Reach(() => isTouched = true);
        Assert.Equal((0, false), (woken, isTouched));
    }

    [Fact]
    public void Work_for_a_client_that_has_ended_is_refused_rather_than_left_undone()
    {
        work.End();
        Assert.Throws<ObjectDisposedException>(() => work.Add(() => { }));
        Assert.False(work.TryTake(out _));
    }

    [Fact]
    public void Client_does_not_end_while_somebody_wakes_it()
    {
        using var isWaking = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var order = new List<string>();
        var slow = new ClientWork(() =>
        {
            isWaking.Set();
            mayGoOn.Wait(TestContext.Current.CancellationToken);
            order.Add("woken");
        });
        var waker = new Thread(slow.Wake);
        var ender = new Thread(() =>
        {
            slow.End();
            order.Add("ended");
        });
        waker.Start();
        isWaking.Wait(TestContext.Current.CancellationToken);
        ender.Start();
        while (ender.IsAlive && !ender.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
        {
            Thread.Yield(); // until it waits for the gate
        }

        mayGoOn.Set();
        waker.Join();
        ender.Join();
        Assert.Equal(["woken", "ended"], order);
    }
}
