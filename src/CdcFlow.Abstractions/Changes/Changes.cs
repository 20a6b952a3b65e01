namespace CdcFlow;

/// <summary>A stream of changes of rows of type <typeparamref name="T"/>: the type of a pipeline's source properties.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>A name for a node of the graph, not a collection: the generated half of the pipeline class supplies it,
/// and <c>nameof</c> of the property is what other nodes put in <c>From</c>.</remarks>
/// <param name="NodeId">The node that produces the stream.</param>
public sealed record Changes<T>(string NodeId)
    where T : class;
