using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Tool.Scaffold;

namespace CdcFlow.Tool.Tests;

public sealed class RowTypesTests
{
    private static readonly PostgresType number = new("bigint", ValueKind.Int64, "pg_catalog.int8out");

    [Fact]
    public void Property_names_its_column_where_its_own_name_does_not_tell_it()
    {
        var row = RowOf(Table("orders", ["id"], Column("id"), Column("customer_id"), Column("customerid"), Column("customer id"), Column("ToString"), Column("order")));
        Assert.Equal(
            [("Id", null), ("CustomerId", null), ("Customerid2", "customerid"), ("CustomerId3", "customer id"), ("ToStringValue", "ToString"), ("OrderValue", "order")],
            row.Properties.Select(property => (property.Name, property.Column)));
    }

    [Fact]
    public void Column_called_id_is_no_key_by_its_name_where_the_table_has_none()
    {
        var row = RowOf(Table("events", [], Column("id"), Column("event_id")));
        Assert.Equal([("IdValue", "id"), ("EventIdValue", "event_id")], row.Properties.Select(property => (property.Name, property.Column)));
        Assert.Equal(["The table has no key: its updates and deletes need REPLICA IDENTITY FULL."], row.Remarks);
    }

    [Fact]
    public void Column_that_the_log_does_not_carry_is_left_out_and_said()
    {
        var row = RowOf(Table("orders", ["id"], Column("id"), Column("total") with { Definition = Column("total").Definition with { IsGenerated = true, CanBePublished = false } }));
        Assert.Equal(["Id"], row.Properties.Select(property => property.Name));
        Assert.Equal(["Without columns that the server computes, which its log does not carry: total."], row.Remarks);
    }

    [Fact]
    public void Types_that_properties_have_are_not_hidden()
    {
        var types = RowTypes.Of([Table("date_times", ["id"], Column("id")), Table("guids", ["id"], Column("id")), Table("tasks", ["id"], Column("id"))]);
        Assert.Equal(["DateTime2", "Guid2", "Task2"], types.Rows.Select(row => row.Name));
    }

    [Fact]
    public void Types_of_one_name_are_told_apart()
    {
        var labels = new DatabaseEnum(new TableId("public", "order"), ["new", "paid"]);
        var types = RowTypes.Of([Table("orders", ["id"], Column("id") with { Enum = labels }), Table("Order", ["id"], Column("id"))]);
        Assert.Equal(["Order", "Order2"], types.Rows.Select(row => row.Name));
        Assert.Equal(["Order3"], types.Enums.Select(found => found.Name));
        Assert.Equal("Order3", types.Rows[0].Properties[0].Type.Name);
    }

    [Theory]
    [InlineData("new", "NEW")] // one member
    [InlineData("a b")] // no member's name
    [InlineData("")]
    [InlineData]
    public void Labels_that_are_no_members_stay_texts(params string[] labels)
    {
        var text = new PostgresType("mood", ValueKind.Text, "pg_catalog.enum_out");
        var types = RowTypes.Of([Table("orders", ["id"], Column("id") with { Type = text, Enum = new DatabaseEnum(new TableId("public", "mood"), labels) })]);
        Assert.Empty(types.Enums);
        Assert.Equal("string", types.Rows[0].Properties[0].Type.Name);
    }

    [Theory]
    [InlineData("PostgresRange<int>", ValueKind.Int32)]
    [InlineData("PostgresRange<DateTimeOffset>", ValueKind.TimestampTz)]
    [InlineData("string", ValueKind.Time)]
    public void Range_is_one_where_its_bounds_can_be(string expected, object bound)
    {
        var range = new PostgresType("range", ValueKind.Range, "x") { Element = new PostgresType("bound", (ValueKind)bound, "x") };
        Assert.Equal(expected, PropertyType.Of(range.Shape, "range").Name);
        Assert.Equal("string", PropertyType.Of(new ColumnShape(ValueKind.Multirange, range.Shape), "multirange").Name);
    }

    [Fact]
    public void Names_of_the_database_stay_in_their_quotes_and_comments()
    {
        const string hostile = "a\"; }\n#error </c>\u2028\u202e\\";
        var text = RowTypeWriter.Write("Rows", RowTypes.Of([Table(hostile, ["id"], Column("id"), Column(hostile))]));
        Assert.Contains("/// <summary>A row of <c>public.a\"; }\\u000a#error &lt;/c&gt;\\u2028\\u202e\\</c>.</summary>\n", text, StringComparison.Ordinal);
        Assert.Contains("[Table(\"a\\\"; }\\u000a#error </c>\\u2028\\u202e\\\\\")]\n", text, StringComparison.Ordinal);
        Assert.Contains("[property: Column(\"a\\\"; }\\u000a#error </c>\\u2028\\u202e\\\\\")] long AErrorC", text, StringComparison.Ordinal);
    }

    private static RowType RowOf(DatabaseTable table) => RowTypes.Of([table]).Rows[0];

    private static DatabaseColumn Column(string name) => new(
        new PostgresColumn(name, 20, "bigint", IsGenerated: false, Collation: null, ColumnOrder.Integer) { Number = 1, IsNullable = false, CanBePublished = true }, number, Enum: null, Dimensions: 0);

    private static DatabaseTable Table(string name, string[] key, params DatabaseColumn[] columns) => new(
        new PostgresTable(
            new TableId("public", name), IsPartitioned: false, IsPermanent: true, Identity: 'd', EstimatedRows: null, Bytes: 0, IsReadable: true, IsOwner: true,
            [.. columns.Select(column => column.Definition)], key, IdentityIndex: [])
        { Oid = 1, Comparisons = new Dictionary<string, KeyComparison>(), HasWholeOldRows = false, UniqueKeys = [] },
        columns);
}
