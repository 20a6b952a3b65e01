namespace CdcFlow.Capture;

/// <summary>The key of a row: the values of its key columns, each as the server's own text, in the order of the key's index.</summary>
/// <remarks>How two keys compare is the server's business (collations differ); equality of the text is all that this type knows.</remarks>
/// <param name="values">The values; at least one.</param>
public sealed class ChunkKey(params IReadOnlyList<string> values) : IEquatable<ChunkKey>
{
    /// <summary>The values, in key order.</summary>
    public IReadOnlyList<string> Values { get; } = values;

    /// <inheritdoc/>
    public bool Equals(ChunkKey? other) => other is not null && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChunkKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in Values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>For tests; keys are personal data and stand in no message.</summary>
    public override string ToString() => $"({string.Join(", ", Values)})";
}
