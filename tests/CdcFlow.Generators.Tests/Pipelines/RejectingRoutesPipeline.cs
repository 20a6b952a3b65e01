using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>A filter and a route that throw, and a node behind one branch that does.</summary>
[CdcPipeline("rejecting-routes")]
public sealed partial class RejectingRoutesPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders), OnError = OnError.DeadLetter)]
    public static bool IsKnown(Order order) => order.Id != 13 ? order.CustomerId != 0 : throw new FormatException("secret of row 13");

    [Route(From = nameof(IsKnown), OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "express", When = Lane.Express)]
    public static Lane ByLane(Order order) => order.Total switch
    {
        < 0 => throw new FormatException("secret of a debt"),
        > 100 => Lane.Express,
        _ => Lane.Standard,
    };

    [Transform(From = nameof(ByLane), When = Lane.Standard, OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "standard")]
    public static Order? Check(Order order) => order.Note != "no" ? order : throw new FormatException("secret of a note");
}
