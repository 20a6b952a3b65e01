using System.Collections.Concurrent;

namespace ThirdParty.FooSink;

/// <summary>What the sink has written, for readers of the same process. Thread-safe.</summary>
public sealed class FooTable
{
    private static readonly ConcurrentDictionary<string, FooTable> tables = new();

    /// <summary>The latest row of each key.</summary>
    public ConcurrentDictionary<object, object> Rows { get; } = new();

    /// <summary>The table with this name; made when first asked for.</summary>
    public static FooTable Named(string name) => tables.GetOrAdd(name, _ => new FooTable());
}
