using CdcFlow.Benchmarks.Workloads;

namespace CdcFlow.Benchmarks.Pipelines;

/// <summary>1 filter between source and sink, fused into one loop.</summary>
[CdcPipeline("bench-1")]
public sealed partial class OneFilter
{
    [RepeatingSource("bench")]
    public partial Changes<OrderLine> Lines { get; }

    [Filter(From = nameof(Lines))]
    [NullSink("null")]
    public static bool Keep1(OrderLine line) => line.Quantity != -1;
}

/// <summary>9 filters between source and sink, fused into one loop.</summary>
[CdcPipeline("bench-9")]
public sealed partial class NineFilters
{
    [RepeatingSource("bench")]
    public partial Changes<OrderLine> Lines { get; }

    [Filter(From = nameof(Lines))]
    public static bool Keep1(OrderLine line) => line.Quantity != -1;

    [Filter(From = nameof(Keep1))]
    public static bool Keep2(OrderLine line) => line.Quantity != -2;

    [Filter(From = nameof(Keep2))]
    public static bool Keep3(OrderLine line) => line.Quantity != -3;

    [Filter(From = nameof(Keep3))]
    public static bool Keep4(OrderLine line) => line.Quantity != -4;

    [Filter(From = nameof(Keep4))]
    public static bool Keep5(OrderLine line) => line.Quantity != -5;

    [Filter(From = nameof(Keep5))]
    public static bool Keep6(OrderLine line) => line.Quantity != -6;

    [Filter(From = nameof(Keep6))]
    public static bool Keep7(OrderLine line) => line.Quantity != -7;

    [Filter(From = nameof(Keep7))]
    public static bool Keep8(OrderLine line) => line.Quantity != -8;

    [Filter(From = nameof(Keep8))]
    [NullSink("null")]
    public static bool Keep9(OrderLine line) => line.Quantity != -9;
}
