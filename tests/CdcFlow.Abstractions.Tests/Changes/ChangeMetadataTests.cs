namespace CdcFlow.Abstractions.Tests.Changes;

public class ChangeMetadataTests
{
    private sealed record Order(long Id);

    private static readonly ChangeOrigin origin = new()
    {
        Source = "shop",
        Connector = "test",
        Database = "app",
        Table = new TableId("public", "orders"),
        Transaction = 7,
        CommittedAt = default,
    };

    [Theory]
    [InlineData(0UL, 7UL)]
    [InlineData(7UL, 7UL)]
    [InlineData(5UL, 5UL)]
    public void Log_address_is_the_transactions_where_the_source_says_none(ulong said, ulong expected) =>
        Assert.Equal(expected, new ChangeMetadata(origin, 3, 0) { LogAddress = said }.LogAddress);

    [Theory]
    [InlineData(0UL)]
    [InlineData(5UL)]
    public void Change_gives_back_equal_metadata(ulong address)
    {
        var metadata = new ChangeMetadata(origin, 3, 1) { LogAddress = address, Order = new TransactionOrder(2, 1) };
        Assert.Equal(metadata, Change<Order>.Insert(new Order(1), metadata).Metadata);
    }
}
