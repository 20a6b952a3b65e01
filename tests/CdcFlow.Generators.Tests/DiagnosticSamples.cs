namespace CdcFlow.Generators.Tests;

/// <summary>For each diagnostic, code that is wrong (at <c>[|…|]</c>) and the same code fixed.</summary>
internal static partial class DiagnosticSamples
{
    private const string Rows = """
        public sealed record Order([property: Key] long Id, long CustomerId, decimal Total);
        public sealed record OrderDoc([property: Key] long Id, decimal Total);
        public enum Lane { Standard, Express }

        """;

    public static IReadOnlyList<(string Id, string Wrong, string Right)> All { get; } =
        [.. OfClasses, .. OfGraphs, .. OfRows, .. OfMethods, .. OfDelivery, .. OfLocks];

    private static (string Id, string Wrong, string Right) Of(string id, string wrong, string right) => (id, wrong, right);

    /// <summary>A pipeline with a source, a sink, and more.</summary>
    private static string Pipeline(string members, string attribute = """[CdcPipeline("orders")]""", string rows = Rows) => $$"""
        {{rows}}
        {{attribute}}
        public sealed partial class OrdersPipeline
        {
            [InMemorySource("shop"), InMemorySink("lake", Name = "raw")]
            public partial Changes<Order> Orders { get; }

            {{members}}
        }
        """;
}
