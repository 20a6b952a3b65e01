using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Tests.Flow;

public sealed class CreditsTests
{
    private readonly Credits credits = new(2);

    [Fact]
    public void Credits_are_taken_without_waiting_while_there_are_any()
    {
        Assert.True(Take().IsCompletedSuccessfully);
        Assert.True(Take().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Taker_waits_until_one_comes_back()
    {
        await Take();
        await Take();
        var waiting = Take();
        Assert.False(waiting.IsCompleted);

        credits.Give();

        await waiting;
    }

    [Fact]
    public async Task Cancelled_wait_takes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        await Take();
        await Take();
        var waiting = Take(cancellation.Token);

        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        credits.Give();

        Assert.True(Take().IsCompletedSuccessfully);
    }

    private Task Take(CancellationToken? cancellationToken = null) => credits.TakeAsync(cancellationToken ?? TestContext.Current.CancellationToken).AsTask();
}
