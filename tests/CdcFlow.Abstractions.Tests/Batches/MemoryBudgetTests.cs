using CdcFlow.Batches;

namespace CdcFlow.Abstractions.Tests.Batches;

public sealed class MemoryBudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserved_bytes_are_used_until_the_last_holder_releases_them()
    {
        var budget = new MemoryBudget(100);
        var lease = await budget.ReserveAsync(60, Token);
        lease.Retain();

        lease.Release();
        Assert.Equal(60, budget.UsedBytes);
        lease.Release();
        Assert.Equal(0, budget.UsedBytes);
    }

    [Fact]
    public async Task A_request_beyond_the_limit_waits_for_a_release()
    {
        var budget = new MemoryBudget(100);
        var first = await budget.ReserveAsync(60, Token);
        var second = budget.ReserveAsync(60, Token).AsTask();
        Assert.False(second.IsCompleted);

        first.Release();
        Assert.Equal(60, (await second).Bytes);
        Assert.Equal(60, budget.UsedBytes);
    }

    [Fact]
    public async Task Requests_are_granted_in_the_order_they_were_made()
    {
        var budget = new MemoryBudget(100);
        var held = await budget.ReserveAsync(90, Token);
        var large = budget.ReserveAsync(50, Token).AsTask();

        Assert.False(budget.TryReserve(5, out _));
        held.Release();
        await large;
        Assert.True(budget.TryReserve(5, out _));
    }

    [Fact]
    public async Task A_request_larger_than_the_limit_is_granted_alone()
    {
        var budget = new MemoryBudget(100);
        var held = await budget.ReserveAsync(1, Token);
        var huge = budget.ReserveAsync(1_000, Token).AsTask();
        Assert.False(huge.IsCompleted);

        held.Release();
        (await huge).Release();
        Assert.Equal(0, budget.UsedBytes);
    }

    [Fact]
    public async Task A_cancelled_waiter_takes_nothing_and_blocks_nobody()
    {
        var budget = new MemoryBudget(100);
        var held = await budget.ReserveAsync(100, Token);
        using var cancel = new CancellationTokenSource();
        var cancelled = budget.ReserveAsync(80, cancel.Token).AsTask();
        var next = budget.ReserveAsync(40, Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        held.Release();
        await next;
        Assert.Equal(40, budget.UsedBytes);
    }
}
