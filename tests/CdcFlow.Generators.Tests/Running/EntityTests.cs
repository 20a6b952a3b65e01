using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>The generated codecs of <see cref="EntitiesPipeline"/>.</summary>
public sealed class EntityTests
{
    private static readonly Codec.ICalls<InvoiceEntity> invoices = Codec.Of<EntitiesPipeline, InvoiceEntity>("InvoiceEntityCodec");
    private static readonly Codec.ICalls<InvoiceLineEntity> lines = Codec.Of<EntitiesPipeline, InvoiceLineEntity>("InvoiceLineEntityCodec");

    [Fact]
    public void Columns_are_what_any_setter_sets_and_no_navigation()
    {
        Assert.Equal(["Id", "BuyerId", "Number", "Note", "IsPaid"], Codec.Schema<EntitiesPipeline>("InvoiceEntityCodec").Columns.Select(column => column.Name));
        Assert.Equal(["InvoiceId", "Place", "Amount"], Codec.Schema<EntitiesPipeline>("InvoiceLineEntityCodec").Columns.Select(column => column.Name));
    }

    [Fact]
    public void Key_is_the_primary_keys_or_the_conventional_name()
    {
        Assert.Equal([0], Codec.Schema<EntitiesPipeline>("InvoiceEntityCodec").KeyColumns);
        Assert.Equal([0, 1], Codec.Schema<EntitiesPipeline>("InvoiceLineEntityCodec").KeyColumns);
    }

    [Fact]
    public void Row_is_read_through_hidden_constructor_and_setters_and_written_again()
    {
        object?[] values = [7L, 3L, "A-7", null, true];
        var row = invoices.Read(new FakeRow(values));
        Assert.Equal((7L, 3L, "A-7", null, true), (row.Id, row.BuyerId, row.Number, row.Note, row.IsPaid));
        Assert.Empty(row.Lines);
        Assert.Equal(values, invoices.Write(row));
        Assert.Equal(7L, invoices.Key(row));
    }

    [Fact]
    public void Key_is_read_alone()
    {
        var row = invoices.ReadKey(new FakeRow([7L, null, null, null, null]));
        Assert.Equal((7L, 0L, "", null, false), (row.Id, row.BuyerId, row.Number, row.Note, row.IsPaid));
        Assert.Equal((5L, 2), lines.Key(lines.ReadKey(new FakeRow([5L, 2, null]))));
    }

    [Fact]
    public void Setters_that_anybody_may_call_are_called_as_usual()
    {
        var row = lines.Read(new FakeRow([5L, 2, 9.5m]));
        Assert.Equal((5L, 2, 9.5m, null), (row.InvoiceId, row.Place, row.Amount, row.Invoice));
    }
}
