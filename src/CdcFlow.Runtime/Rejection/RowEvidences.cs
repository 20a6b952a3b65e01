using CdcFlow.Formats.Json;
using CdcFlow.Rows;

namespace CdcFlow.Runtime.Rejection;

/// <summary>What can be said of rows in messages and kept of rejected ones: of every row type that a source or a sink of the pipeline has a codec for.</summary>
internal sealed class RowEvidences
{
    private readonly Dictionary<Type, object> byType = [];

    /// <summary>A row type with its codec, while the graph is built.</summary>
    public void Add<T, TCodec>()
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        byType.TryAdd(typeof(T), new Evidence<T>(RowEvidence<T, TCodec>.Key, change => RowEvidence<T, TCodec>.Row(change)));

    /// <summary>The key of a change's row; null where it has none, or where nothing is known of its type.</summary>
    public string? KeyOf<T>(in Change<T> change)
        where T : class => (change.After ?? change.Before) is { } row ? Of<T>()?.Key(row) : null;

    /// <summary>A change's row as JSON; null where there is none, or where nothing is known of its type.</summary>
    public string? RowOf<T>(in Change<T> change)
        where T : class => Of<T>()?.Row(change);

    private Evidence<T>? Of<T>()
        where T : class => byType.GetValueOrDefault(typeof(T)) as Evidence<T>;

    private sealed record Evidence<T>(Func<T, string?> Key, Func<Change<T>, string?> Row)
        where T : class;
}
