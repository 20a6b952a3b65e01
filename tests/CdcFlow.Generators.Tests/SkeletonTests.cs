using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>A rejected pipeline still has bodies for its properties, so that the command line shows what is wrong and nothing else.</summary>
public sealed class SkeletonTests
{
    [Fact]
    public void Wrong_pipeline_compiles_so_that_the_analyzers_are_asked()
    {
        var input = Source.Compile(Source.Shop + """
            public sealed record Order([property: Key] long Id);
            public static partial class Outer
            {
                [CdcPipeline("orders")]
                public sealed partial class OrdersPipeline
                {
                    [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }
                    [Filter(From = "Ordres"), Discard] public static bool IsLarge(Order order) => true;
                }
            }
            """);
        Assert.Empty(Source.Complaints(input));
    }

    [Theory, MemberData(nameof(DiagnosticTests.Wrong), MemberType = typeof(DiagnosticTests))]
    public void Compiler_adds_no_complaint_about_a_missing_half(string id, string wrong)
    {
        // A class that is not partial, or not a class, has no other half; the compiler says so itself.
        string[] own = ["CDCF001"];
        var complaints = Source.Complaints(Source.Compile(new Sample(wrong).Text)).Select(problem => problem.Id);
        Assert.True(own.Contains(id) || !complaints.Intersect(["CS9248", "CS0751", "CS0535", "CS0315", "CS0260"]).Any());
    }
}
