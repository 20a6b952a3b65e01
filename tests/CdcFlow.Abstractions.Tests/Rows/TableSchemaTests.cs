namespace CdcFlow.Abstractions.Tests.Rows;

public sealed class TableSchemaTests
{
    private static readonly TableId orders = new("public", "orders");

    private static readonly TableColumn id = new("id", "bigint") { Identity = "1", TypeIdentity = "20", IsNullable = false, IsKey = true };

    [Fact]
    public void Hash_is_of_the_form_and_not_of_identities_or_the_name()
    {
        var schema = new TableSchema(orders, [id], "16384");
        var other = new TableSchema(new TableId("", "copy"), [id with { Identity = "4", TypeIdentity = null }], "99");

        Assert.Equal("0e340e9a", schema.Hash[..8]);
        Assert.Equal(schema.Hash, other.Hash);
        Assert.NotEqual(schema, other);
    }

    [Theory]
    [InlineData("id", "integer", false, true)]
    [InlineData("ids", "bigint", false, true)]
    [InlineData("id", "bigint", true, true)]
    [InlineData("id", "bigint", null, true)]
    [InlineData("id", "bigint", false, false)]
    public void Every_part_of_the_form_counts(string name, string type, bool? isNullable, bool isKey) =>
        Assert.NotEqual(
            new TableSchema(orders, [id]).Hash, new TableSchema(orders, [new TableColumn(name, type) { IsNullable = isNullable, IsKey = isKey }]).Hash);

    [Fact]
    public void Same_table_of_the_same_columns_is_equal()
    {
        Assert.Equal(new TableSchema(orders, [id], "1"), new TableSchema(orders, [id with { }], "1"));
        Assert.NotEqual(new TableSchema(orders, [id], "1"), new TableSchema(orders, [id], "2"));
        Assert.NotEqual(new TableSchema(orders, [id], "1"), new TableSchema(orders, [id, id], "1"));
    }
}
