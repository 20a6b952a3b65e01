namespace CdcFlow.Abstractions.Tests.Changes;

public class ChangeMetadataTests
{
    private sealed record Order(long Id);

    private static readonly ChangeOrigin origin = new(new TableOrigin("shop", new TableId("public", "orders")) { Connector = "test", Database = "app" }, new SourceTransaction(7));

    [Fact]
    public void What_is_shared_is_said_by_its_origin()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var metadata = new ChangeMetadata(new ChangeOrigin(origin.Table, new SourceTransaction(0x1F) { CommittedAt = at }), 3, 1);
        Assert.Equal(("shop", new TableId("public", "orders"), at, null), (metadata.Source, metadata.Table, metadata.CommittedAt, metadata.TransactionId));
        Assert.Equal((new SourceOffset(0x1F, 3, 1), "1F"), (metadata.Offset, metadata.Origin.Transaction.Describe(metadata.Detail)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(5UL)]
    public void Change_gives_back_equal_metadata(ulong detail)
    {
        var metadata = new ChangeMetadata(origin, 3, 1) { Detail = detail, Order = new TransactionOrder(2, 1) };
        Assert.Equal(metadata, Change<Order>.Insert(new Order(1), metadata).Metadata);
    }
}
