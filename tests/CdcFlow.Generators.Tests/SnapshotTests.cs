using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>The generated half, feature by feature, as approved by a reader. It compiles without a warning, documentation included.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Features => [.. samples.Keys];

    private static readonly Dictionary<string, string> samples = new()
    {
        ["filter-and-map"] = Pipeline("""
            [Filter(From = nameof(Orders))]
            public static bool IsLarge(Order order) => order.Total > 100;

            [Transform(From = nameof(IsLarge)), InMemorySink("lake", Name = "docs")]
            public static Doc ToDoc(Order order) => new(order.Id, order.Total);
            """),
        ["dropping-map"] = Pipeline("""
            [Transform(From = nameof(Orders)), InMemorySink("lake", Name = "docs")]
            public static Doc? ToDoc(Order order, ChangeMetadata metadata) => order.Total > 100 ? new(order.Id, metadata.Event) : null;
            """),
        ["route"] = Pipeline("""
            [Route(From = nameof(Orders))]
            [InMemorySink("lake", Name = "express", When = Lane.Express)]
            public static Lane ByLane(Order order) => order.Total > 100 ? Lane.Express : Lane.Standard;

            [Filter(From = nameof(ByLane), When = Lane.Standard, OnDrop = OnDrop.Ignore), InMemorySink("lake", Name = "paid")]
            public static bool IsPaid(Order order) => order.Status == Status.Paid;
            """),
        ["fan-out"] = Pipeline("""
            [Transform(From = nameof(Orders)), InMemorySink("lake", Name = "lines")]
            public static IEnumerable<Line> Lines(Order order) => [new(order.Id, 1)];
            """),
        ["whole-change"] = Pipeline("""
            [Transform(From = nameof(Orders)), InMemorySink("lake", Name = "docs")]
            public static Change<Doc>? ToDoc(Change<Order> change) => null;

            [Filter(From = nameof(Orders)), InMemorySink("lake", Name = "deletes")]
            public static bool IsDelete(Change<Order> change) => change.Operation == Operation.Delete;
            """),
        ["asynchronous"] = Pipeline("""
            [Transform(From = nameof(Orders), MaxConcurrency = 8, Ordering = Ordering.PerKey), InMemorySink("lake", Name = "docs")]
            public async ValueTask<Doc?> Enrich(Order order, CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                return null;
            }

            [Transform(From = nameof(Enrich)), InMemorySink("lake", Name = "lines")]
            public static async IAsyncEnumerable<Line> Lines(Doc doc, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                yield return new Line(doc.Id, 1);
            }
            """),
        ["columns-in-use"] = Pipeline("""
            [InMemorySource("shop")]
            public partial Changes<Shipment> Shipments { get; }

            [Transform(From = nameof(Shipments)), InMemorySink("lake", Name = "docs")]
            public static Doc ToDoc(Shipment shipment) => new(shipment.Id, shipment.Weight);
            """, rows: Rows + "public sealed record Shipment([property: Key] long Id, string Address, decimal Weight, Status? Status) { public string Note { get; set; } = \"\"; }"),
        ["asynchronous-route"] = Pipeline("""
            [Route(From = nameof(Orders), MaxConcurrency = 8, Ordering = Ordering.PerKey)]
            [InMemorySink("lake", Name = "express", When = Lane.Express)]
            public async ValueTask<Lane> ByLane(Order order, CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                return order.Total > 100 ? Lane.Express : Lane.Standard;
            }

            [Filter(From = nameof(ByLane), When = Lane.Standard), InMemorySink("lake", Name = "paid")]
            public static bool IsPaid(Order order) => order.Status == Status.Paid;
            """),
        ["branching"] = Pipeline("""
            [Filter(From = nameof(Orders)), InMemorySink("lake", Name = "large")]
            public static bool IsLarge(Order order) => order.Total > 100;

            [Transform(From = nameof(IsLarge)), InMemorySink("lake", Name = "docs")]
            public static Doc ToDoc(Order order) => new(order.Id, order.Total);

            [Transform(From = nameof(IsLarge)), Discard]
            public Line ToLine(Order order) => new(order.Id, (int)order.Total);
            """, rows: Rows.Replace("[property: Key] int Number", "int Number", StringComparison.Ordinal)),
        ["services"] = Pipeline("", parameters: "(IFormatProvider format, TimeProvider? time = null)", more: "private object Used => (format, time);"),
    };

    private const string Rows = """
        public enum Status { New, Paid }
        public enum Lane { Standard, Express }
        public sealed record Order([property: Key] long Id, decimal Total, Status Status);
        public sealed record Doc([property: Key] long Id, decimal Total);
        public sealed record Line([property: Key] long Id, [property: Key] int Number);
        """;

    [Theory, MemberData(nameof(Features))]
    public void Generated_half_is_as_approved_and_compiles_without_a_warning(string feature)
    {
        Snapshot.Matches(feature, Source.GeneratedText(samples[feature]));
        Assert.Empty(Source.Complaints(Source.Compile(Source.Shop + samples[feature])));
    }

    private static string Pipeline(string members, string parameters = "", string more = "", string rows = Rows) => $$"""
        {{rows}}

        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline{{parameters}}
        {
            [InMemorySource("shop"), InMemorySink("lake", Name = "raw")]
            public partial Changes<Order> Orders { get; }
            {{more}}
            {{members}}
        }
        """;
}
