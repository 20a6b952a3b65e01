namespace CdcFlow.Postgres.Wire;

/// <summary>One row's fields inside a message, valid until the next message is read.</summary>
internal readonly ref struct TupleData(ReadOnlySpan<byte> message, TupleFields fields)
{
    private readonly ReadOnlySpan<byte> message = message;
    private readonly TupleFields fields = fields;

    internal int Count => fields?.Count ?? 0;

    /// <summary>The fields' bytes together.</summary>
    internal int Bytes => fields?.Bytes ?? 0;

    /// <summary>Whether any column is unchanged.</summary>
    internal bool HasUnchanged => fields.HasUnchanged;

    internal bool IsNull(int field) => fields.Lengths[field] < 0;

    internal bool IsUnchanged(int field) => fields.Lengths[field] == TupleFields.Unchanged;

    /// <summary>The field's bytes; empty for NULL and unchanged, whose start is whatever an earlier row has left there.</summary>
    internal ReadOnlySpan<byte> this[int field] => fields.Lengths[field] is > 0 and var length ? message.Slice(fields.Starts[field], length) : [];
}
