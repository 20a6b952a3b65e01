using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Tests.Types;

public class ColumnBindingTests
{
    private static readonly PostgresType int8 = new("bigint", ValueKind.Int64, "pg_catalog.int8out");
    private static readonly PostgresType text = new("text", ValueKind.Text, "pg_catalog.textout") { IsBinaryText = true };
    private static readonly PostgresType inet = new("inet", ValueKind.Inet, "pg_catalog.inet_out");

    [Theory]
    [InlineData("CustomerId", false, "customer_id", true)]
    [InlineData("HTTPStatus2", false, "http_status2", true)]
    [InlineData("CustomerId", false, "CUSTOMERID", true)]
    [InlineData("CustomerId", true, "customer_id", false)]
    [InlineData("customer_id", true, "customer_id", true)]
    public void A_name_taken_from_the_property_also_means_its_snake_case_and_any_case(string name, bool isExplicit, string column, bool matches) =>
        Assert.Equal(matches ? 1 : -1, ColumnMatch.Find(
            new ColumnDescriptor(name, name, typeof(long), false, false, IsNameExplicit: isExplicit), (ServerColumn[])[new("other", int8), new(column, int8)]));

    [Fact]
    public void Everything_that_does_not_fit_is_told_at_once()
    {
        var schema = Schema(("id", typeof(int)), ("note", typeof(string)), ("gone", typeof(long)), ("at", typeof(Version)));

        var error = Assert.Throws<CdcFlowException>(() => ColumnBinding.ForLog(
            schema, "public.orders", [new("id", int8), new("note", text), new("at", text)]));

        Assert.Equal(PostgresWireErrorCodes.ColumnsDoNotFit, error.Code);
        Assert.Contains("id: column 'id' is bigint, which Int32 does not take", error.Message);
        Assert.Contains("gone: the table has no column 'gone'", error.Message);
        Assert.Contains("at: column 'at' is text, which Version does not take", error.Message);
        Assert.DoesNotContain("note:", error.Message);
    }

    [Fact]
    public void Copy_selects_binary_where_it_is_read_and_the_logs_own_text_otherwise()
    {
        ServerColumn[] columns = [new("id", int8), new("note", text), new("a\"b", inet), new("n", int8)];

        var binding = ColumnBinding.ForCopy(Schema(("id", typeof(long)), ("note", typeof(string)), ("a\"b", typeof(string)), ("n", typeof(DayOfWeek))), "t", columns);

        Assert.Equal(
            "\"id\", \"note\", pg_catalog.textin(pg_catalog.inet_out(\"a\"\"b\")), pg_catalog.textin(pg_catalog.int8out(\"n\"))", binding.SelectList);
        Assert.Equal([true, false, false, false], binding.Columns.Select(column => column.IsBinary));
    }

    private static RowSchema Schema(params (string Name, Type Type)[] columns) => new("Row", "t", null, [.. columns
        .Select(column => new ColumnDescriptor(column.Name, column.Name, column.Type, true, false, IsNameExplicit: true))]);
}
