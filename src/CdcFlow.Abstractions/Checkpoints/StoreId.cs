namespace CdcFlow.Checkpoints;

/// <summary>Names one checkpoint store: made at random when the store is, and kept with its checkpoints. A copy of a store has the same id, since it tells the same
/// story; which of the two is newer, epochs say.</summary>
/// <param name="Value">The id; never zero for a real store.</param>
public readonly record struct StoreId(Guid Value)
{
    /// <summary>An id that no other store has.</summary>
    public static StoreId New() => new(Guid.NewGuid());

    /// <summary>Reads what <see cref="ToString"/> wrote; null where the text is none.</summary>
    public static StoreId? Parse(string? text) => Guid.TryParseExact(text, "N", out var value) ? new StoreId(value) : null;

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
