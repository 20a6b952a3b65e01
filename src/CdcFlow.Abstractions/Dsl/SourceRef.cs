namespace CdcFlow;

/// <summary>A typed name of a source node; the generated half of a pipeline has one per source, as in <c>OrdersPipeline.Sources.Orders</c>.</summary>
/// <typeparam name="T">The row type that the source gives.</typeparam>
/// <param name="NodeId">The node's id.</param>
public sealed record SourceRef<T>(string NodeId)
    where T : class;
