namespace CdcFlow.Checkpoints;

/// <summary>A checkpoint's number: grows by one with each attempt over the pipeline's whole life; gaps are attempts that were given up.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct CheckpointId(long Value) : IComparable<CheckpointId>
{
    /// <inheritdoc/>
    public int CompareTo(CheckpointId other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(CheckpointId left, CheckpointId right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(CheckpointId left, CheckpointId right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(CheckpointId left, CheckpointId right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(CheckpointId left, CheckpointId right) => left.Value >= right.Value;

    /// <summary>The number, invariant.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
