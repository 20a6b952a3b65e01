namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private static (string Id, string Wrong, string Right)[] OfMethods =>
    [
        Of("CDCF030",
            Pipeline("""[[|Transform(From = nameof(Orders))|], InMemorySink("lake")] public static OrderDoc ToDoc(OrderDoc order) => order;"""),
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static OrderDoc ToDoc(Order order) => new(order.Id, order.Total);""")),
        Of("CDCF031",
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static OrderDoc [|ToDoc|](Order order, string currency) => new(order.Id, order.Total);"""),
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static OrderDoc ToDoc(Order order) => new(order.Id, order.Total);""")),
        Of("CDCF031",
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static string [|IsLarge|](Order order) => "yes";"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static bool IsLarge(Order order) => true;""")),
        Of("CDCF031",
            Pipeline("""[Route(From = nameof(Orders)), InMemorySink("lake")] public static IAsyncEnumerable<Lane> [|ByLane|](Order order) => throw new NotSupportedException();"""),
            Pipeline("""[Route(From = nameof(Orders)), InMemorySink("lake")] public static Task<Lane> ByLane(Order order, CancellationToken cancellationToken) => Task.FromResult(Lane.Express);""")),
        Of("CDCF031",
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static ValueTask<bool?> [|IsLarge|](Order order, CancellationToken cancellationToken) => new(true);"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static ValueTask<bool> IsLarge(Order order, CancellationToken cancellationToken) => new(true);""")),
        Of("CDCF032",
            Pipeline("""[[|Route(From = nameof(Orders), MaxConcurrency = 2)|], InMemorySink("lake")] public static ValueTask<Lane> ByLane(Order order, CancellationToken cancellationToken) => new(Lane.Express);"""),
            Pipeline("""[Route(From = nameof(Orders), MaxConcurrency = 2, Ordering = Ordering.PerKey), InMemorySink("lake")] public static ValueTask<Lane> ByLane(Order order, CancellationToken cancellationToken) => new(Lane.Express);""")),
        Of("CDCF032",
            Pipeline(Async("[|Transform(From = nameof(Orders), MaxConcurrency = 16)|]")),
            Pipeline(Async("Transform(From = nameof(Orders), MaxConcurrency = 16, Ordering = Ordering.PerKey)"))),
        Of("CDCF033",
            Pipeline(Async("[|Transform(From = nameof(Orders), MaxConcurrency = 16, Ordering = Ordering.Unordered)|]", "FooSink"), attribute: AtLeastOnce),
            Pipeline(Async("Transform(From = nameof(Orders), MaxConcurrency = 16, Ordering = Ordering.PerKey)", "FooSink"), attribute: AtLeastOnce)),
        Of("CDCF034",
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static ValueTask<OrderDoc> [|ToDoc|](Order order) => new(new OrderDoc(order.Id, order.Total));"""),
            Pipeline(Async("Transform(From = nameof(Orders))"))),
        Of("CDCF035",
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static Task [|ToDoc|](Order order) => Task.CompletedTask;"""),
            Pipeline(Async("Transform(From = nameof(Orders))"))),
        Of("CDCF036",
            Pipeline("""private int seen; [Filter(From = nameof(Orders)), InMemorySink("lake")] public bool EverySecond(Order order) => [|++seen|] % 2 == 0;"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static bool EverySecond(Order order) => order.Id % 2 == 0;""")),
    ];

    private const string AtLeastOnce = """[CdcPipeline("orders", Delivery = Delivery.AtLeastOnce)]""";

    private static string Async(string attribute, string sink = "InMemorySink") => $$"""
        [{{attribute}}, {{sink}}("lake")]
        public static ValueTask<OrderDoc> ToDoc(Order order, CancellationToken cancellationToken) => new(new OrderDoc(order.Id, order.Total));
        """;
}
