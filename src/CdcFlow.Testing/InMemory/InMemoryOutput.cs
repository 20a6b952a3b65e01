using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>What readers see of in-memory sinks of a pipeline that runs for real. Under the harness, ask <see cref="PipelineHarness.Sink"/>.</summary>
public static class InMemoryOutput
{
    /// <summary>The rows, by key: the property's value, or a value tuple of them.</summary>
    /// <param name="connection">The connection's name.</param>
    /// <param name="kind">The kind of the sink's attribute: sinks of different kinds are different systems.</param>
    /// <param name="sink">The sink's name; null where it has the connection's.</param>
    public static IReadOnlyDictionary<object, T> Rows<T>(string connection, SinkKind kind = SinkKind.Transactional, string? sink = null)
        where T : class =>
        InMemorySinkServer.Named(connection, kind).Rows(sink ?? connection).ToDictionary(row => row.Key, row => (T)row.Value);

    /// <summary>The changes, in the order in which they became visible.</summary>
    /// <inheritdoc cref="Rows"/>
    public static IReadOnlyList<Change<T>> Changes<T>(string connection, SinkKind kind = SinkKind.Transactional, string? sink = null)
        where T : class =>
        [.. InMemorySinkServer.Named(connection, kind).Changes(sink ?? connection).Select(change => (Change<T>)change.Change)];

    /// <summary>The changes that the sink lacks because a node before it set them aside.</summary>
    /// <inheritdoc cref="Rows"/>
    public static IReadOnlyList<RejectedChange> Rejects(string connection, SinkKind kind = SinkKind.Transactional, string? sink = null) =>
        [.. InMemorySinkServer.Named(connection, kind).Rejects.Where(rejected => rejected.Sink == (sink ?? connection)).Select(rejected => rejected.Change)];
}
