using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Testing.Conformance;

/// <summary>What a sink connector's author supplies to <see cref="SinkConformance"/>: one empty place to write to, as its readers see it.</summary>
/// <remarks>Made anew for each check and disposed after it.</remarks>
public interface ISinkTarget : IAsyncDisposable
{
    /// <summary>Makes a connection to the place, as a new process would. The pipeline's name is always <see cref="SinkConformance.Pipeline"/>.</summary>
    ISinkConnection Connect();

    /// <summary>The attribute of a sink; its name is <paramref name="name"/>, which is also to be the name of what it writes to.</summary>
    /// <remarks>The sink must apply changes by key (upsert), or keep all of them so that they can be folded; create tables if it has such.</remarks>
    SinkAttribute Sink(string name);

    /// <summary>The rows that a reader of the sink finds now, each with its values in the schema's order and in the schema's types, in any order.</summary>
    /// <remarks>Where the sink keeps changes instead of rows, this folds them: the last change of each key, in the order in which readers get them.</remarks>
    ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken);

    /// <summary>How many changes a reader of the sink finds now; null where the sink keeps rows and not changes.</summary>
    ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken) => ValueTask.FromResult<long?>(null);

    /// <summary>Ends a connection as the death of its process would.</summary>
    ValueTask KillAsync(ISinkConnection connection) => connection.DisposeAsync();
}
