namespace CdcFlow;

/// <summary>A typed name of a sink; the generated half of a pipeline has one per sink, as in <c>OrdersPipeline.Sinks.Bus</c>.</summary>
/// <typeparam name="T">The row type that the sink takes.</typeparam>
/// <param name="Name">The sink's name, unique in the pipeline.</param>
public sealed record SinkRef<T>(string Name)
    where T : class;
