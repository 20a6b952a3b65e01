using CdcFlow.Batches;

namespace CdcFlow.Abstractions.Tests.Batches;

public sealed class ChangeBatchTests
{
    private static readonly ChangeOrigin Origin = new(new TableOrigin("shop", new TableId("public", "orders")), new SourceTransaction(7));

    private static Change<string> Insert(int index) => Change<string>.Insert($"row {index}", new ChangeMetadata(Origin, index, 0));

    [Fact]
    public void A_batch_grows_and_keeps_order()
    {
        var batch = new ChangeBatch<string>(capacity: 2);
        for (var index = 0; index < 1_000; index++)
        {
            batch.Add(Insert(index));
        }

        Assert.Equal(1_000, batch.Count);
        Assert.Equal("row 999", batch.Changes[999].After);
        Assert.Equal(new SourceOffset(7, 500, 0), batch.Changes[500].Metadata.Offset);
    }

    [Fact]
    public async Task The_last_release_returns_the_bytes_and_forgets_the_rows()
    {
        var budget = new MemoryBudget(100);
        var batch = new ChangeBatch<string> { Lease = await budget.ReserveAsync(10, TestContext.Current.CancellationToken) };
        batch.Add(Insert(0));
        batch.Retain();

        batch.Release();
        Assert.Equal(1, batch.Count);
        batch.Release();
        Assert.Equal(0, batch.Count);
        Assert.Equal(0, budget.UsedBytes);
    }
}
