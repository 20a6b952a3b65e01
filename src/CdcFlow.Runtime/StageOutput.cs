using CdcFlow.Operators;

namespace CdcFlow.Runtime;

/// <summary>One output of a stage: the operator adds to <see cref="Collector"/>, consumers take <see cref="Stream"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class StageOutput<T>
    where T : class
{
    internal StageOutput(ChangeStream<T> stream) => Stream = stream;

    /// <summary>Where the stage's operator puts changes; emptied after each batch.</summary>
    public BatchCollector<T> Collector { get; } = new();

    /// <summary>The output for consumers.</summary>
    public ChangeStream<T> Stream { get; }
}
