namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private static (string Id, string Wrong, string Right)[] OfGraphs =>
    [
        Of("CDCF010",
            Pipeline("""[[|Filter(From = "Ordres")|], InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF011",
            Pipeline("""
                [Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > 100;
                [[|Transform|], InMemorySink("lake")] public static OrderDoc ToDoc(Order order) => new(order.Id, order.Total);
                [Transform(From = nameof(IsLarge)), InMemorySink("lake", Name = "large")] public static OrderDoc ToLarge(Order order) => new(order.Id, order.Total);
                """),
            Pipeline("""
                [Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > 100;
                [Transform(From = nameof(IsLarge)), InMemorySink("lake")] public static OrderDoc ToDoc(Order order) => new(order.Id, order.Total);
                """)),
        Of("CDCF012",
            Pipeline("""
                [[|Filter(From = nameof(IsPaid))|], InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;
                [Filter(From = nameof(IsLarge))] public static bool IsPaid(Order order) => order.Total > 100;
                """),
            Pipeline("""
                [Filter(From = nameof(IsPaid)), InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;
                [Filter(From = nameof(Orders))] public static bool IsPaid(Order order) => order.Total > 100;
                """)),
        Of("CDCF013",
            Pipeline("""[Filter, InMemorySink("lake")] public static bool [|IsLarge|](OrderDoc order) => order.Total > 100;"""),
            Pipeline("""[Filter, InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF014",
            Pipeline("""[Filter(From = nameof(Orders))] public static bool [|IsLarge|](Order order) => order.Total > 100;"""),
            Pipeline("""[Filter(From = nameof(Orders)), Discard] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF015",
            Rows + """[CdcPipeline("orders")] public sealed partial class [|P|] { [InMemorySource("shop"), Discard] public partial Changes<Order> Orders { get; } }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} }"""),
        Of("CDCF015",
            Rows + """[CdcPipeline("orders")] public sealed partial class [|P|] { [Filter, InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100; }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} [Filter, InMemorySink("lake", Name = "large")] public static bool IsLarge(Order order) => order.Total > 100; }"""),
        Of("CDCF015",
            Pipeline("""[[|InMemorySink("lake")|]] public static bool IsLarge(Order order) => order.Total > 100;"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF016",
            Pipeline("""[Filter(From = nameof(Orders)), [|InMemorySink("lake", Name = "raw")|]] public static bool IsLarge(Order order) => order.Total > 100;"""),
            Pipeline("""[Filter(From = nameof(Orders)), InMemorySink("lake", Name = "large")] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF016",
            Pipeline("""[Filter(From = "Orders"), NodeId("Orders"), InMemorySink("lake")] public static bool [|IsLarge|](Order order) => order.Total > 100;"""),
            Pipeline("""[Filter(From = "Orders"), NodeId("Old"), InMemorySink("lake")] public static bool IsLarge(Order order) => order.Total > 100;""")),
        Of("CDCF017",
            Pipeline("""[Filter(From = nameof(Orders)), [|InMemorySink("lake", When = Lane.Express)|]] public static bool IsLarge(Order order) => order.Total > 100;"""),
            Pipeline("""[Route(From = nameof(Orders)), InMemorySink("lake", When = Lane.Express), InMemorySink("lake", Name = "std", When = Lane.Standard)] public static Lane ByLane(Order order) => Lane.Express;""")),
        Of("CDCF017",
            Pipeline("""
                [Route(From = nameof(Orders)), InMemorySink("lake")] public static Lane ByLane(Order order) => Lane.Express;
                [[|Filter(From = nameof(ByLane), When = DayOfWeek.Friday)|], InMemorySink("lake", Name = "friday")] public static bool IsLarge(Order order) => true;
                """),
            Pipeline("""
                [Route(From = nameof(Orders)), InMemorySink("lake")] public static Lane ByLane(Order order) => Lane.Express;
                [Filter(From = nameof(ByLane), When = Lane.Express), InMemorySink("lake", Name = "express")] public static bool IsLarge(Order order) => true;
                """)),
        Of("CDCF018",
            Pipeline("""[Route(From = nameof(Orders)), InMemorySink("lake", When = Lane.Express)] public static Lane [|ByLane|](Order order) => Lane.Express;"""),
            Pipeline("""[Route(From = nameof(Orders)), InMemorySink("lake")] public static Lane ByLane(Order order) => Lane.Express;""")),
    ];
}
