using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>The Mermaid text in a pipeline class's documentation.</summary>
public sealed class DrawingTests
{
    [Fact]
    public void Source_and_sink_whose_names_differ_by_case_are_two_boxes()
    {
        var text = Source.GeneratedText("""
            public sealed record Customer([property: Key] long Id);

            [CdcPipeline("customers")]
            public sealed partial class CustomersPipeline
            {
                [InMemorySource("shop"), InMemorySink("lake", Name = "customers")]
                public partial Changes<Customer> Customers { get; }

                [Filter(From = nameof(Customers)), NodeId("old-name"), InMemorySink("lake", Name = "old-names")]
                public static bool IsOld(Customer customer) => customer.Id < 100;
            }
            """);
        var lines = text.Split('\n').Where(line => line.StartsWith("///   ", StringComparison.Ordinal)).Select(line => line[6..]);
        Assert.Equal(["Customers[(Customers)]", "Customers --&gt; OldName[old-name]", "Customers --&gt; Customers2([customers])", "OldName --&gt; OldNames([old-names])"], lines);
    }
}
