using CdcFlow.Tool.Scaffold;

namespace CdcFlow.Tool.Tests;

public sealed class CSharpNameTests
{
    [Theory]
    [InlineData("id", "Id")]
    [InlineData("ID", "Id")]
    [InlineData("customer_id", "CustomerId")]
    [InlineData("customer id", "CustomerId")]
    [InlineData("customerId", "CustomerId")]
    [InlineData("HTTPStatus", "HTTPStatus")]
    [InlineData("2nd_try", "_2ndTry")]
    [InlineData("größe", "Größe")]
    [InlineData("\"; DROP TABLE x; --", "DropTableX")]
    [InlineData("€ $", "Column")]
    [InlineData("😀", "Column")]
    public void Name_of_the_database_becomes_one_of_CSharp(string name, string expected) => Assert.Equal(expected, CSharpName.Pascal(name, "Column"));

    [Theory]
    [InlineData("Orders", "Order")]
    [InlineData("Categories", "Category")]
    [InlineData("Addresses", "Address")]
    [InlineData("Boxes", "Box")]
    [InlineData("Status", "Status")]
    [InlineData("Address", "Address")]
    [InlineData("Analysis", "Analysis")]
    [InlineData("OrderSeries", "OrderSeries")]
    [InlineData("Ties", "Tie")]
    [InlineData("Order", "Order")]
    public void Singular_goes_as_far_as_a_few_rules_do(string plural, string singular) => Assert.Equal(singular, CSharpName.Singular(plural));

    [Fact]
    public void Names_that_would_be_one_are_numbered()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Assert.Equal(["A", "A2", "A3"], new[] { "A", "A", "A" }.Select(name => CSharpName.Unique(name, taken)));
    }
}
