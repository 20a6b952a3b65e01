using CdcFlow.Operators;

namespace CdcFlow.Abstractions.Tests;

public sealed class PastedTests
{
    [Theory]
    [InlineData("public", "orders_2", "public.orders_2")]
    [InlineData("", "orders", "orders")]
    [InlineData("public", "Orders", "public.\"Orders\"")]
    [InlineData("public", "2nd", "public.\"2nd\"")]
    [InlineData("a.b", "c", "\"a.b\".c")]
    [InlineData("public", "t; ALTER ROLE me SUPERUSER; --", "public.\"t; ALTER ROLE me SUPERUSER; --\"")]
    [InlineData("public", "t\"; DROP TABLE x; --", "public.\"t\"\"; DROP TABLE x; --\"")]
    public void Sql_takes_a_table_for_one_name(string schema, string name, string written) => Assert.Equal(written, Pasted.Sql(schema, name));

    [Theory]
    [InlineData("public.Orders_2", "public.Orders_2")]
    [InlineData("", "''")]
    [InlineData("public.t;curl x|sh", "'public.t;curl x|sh'")]
    [InlineData("public.$(id)`id`\n", "'public.$(id)`id`\n'")]
    [InlineData("public.it's", "'public.it'\\''s'")]
    public void Shell_takes_a_text_for_one_word(string text, string written) => Assert.Equal(written, Pasted.Word(text));

    [Fact]
    public void Way_out_of_a_fan_out_quotes_a_hostile_table_in_both_languages()
    {
        var metadata = new ChangeMetadata(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "t; DROP TABLE x")), new SourceTransaction(1)), 0, 0);
        var change = Change<object>.DeleteByKey(new object(), metadata);
        var error = Assert.Throws<CdcFlowException>(() => FanOut.RequireBefore(change, "Node"));
        Assert.EndsWith("run --resnapshot 'public.t; DROP TABLE x', after ALTER TABLE public.\"t; DROP TABLE x\" REPLICA IDENTITY FULL;", error.Fix, StringComparison.Ordinal);
    }
}
