using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests;

/// <summary>Rows with a column of every type.</summary>
internal static class EveryTypes
{
    /// <summary>Nothing but the key.</summary>
    public static readonly EveryType Empty = new(1, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /// <summary>A value in every column.</summary>
    public static readonly EveryType Full = Row(new Random(1), nulls: 0);

    /// <summary>A change of any kind, of rows with any values.</summary>
    public static Change<EveryType> Change(Random random)
    {
        var (before, after) = (Row(random, nulls: 3), Row(random, nulls: 3));
        return random.Next(6) switch
        {
            0 => Change<EveryType>.SnapshotRead(after, Changes.Metadata),
            1 => Change<EveryType>.Update(before, after, Changes.Metadata),
            2 => Change<EveryType>.Delete(before, Changes.Metadata),
            3 => Change<EveryType>.DeleteByKey(before, Changes.Metadata),
            4 => new Change<EveryType>(Operation.Update, BeforeState.Absent, null, after, Unchanged(random), Changes.Metadata),
            _ => Change<EveryType>.Insert(after, Changes.Metadata),
        };
    }

    private static ColumnSet Unchanged(Random random) =>
        new(EveryTypeCodec.Schema, [.. EveryTypeCodec.Schema.Columns.Select(column => !column.IsKey && random.Next(3) == 0)]);

    /// <param name="random">Where values come from.</param>
    /// <param name="nulls">One column in so many is null; 0 for none.</param>
    private static EveryType Row(Random random, int nulls)
    {
        bool Has() => nulls == 0 || random.Next(nulls) > 0;
        return new EveryType(
            random.NextInt64(long.MinValue, long.MaxValue),
            Has() ? random.Next(2) == 0 : null,
            Has() ? (short)random.Next() : null,
            Has() ? random.Next(int.MinValue, int.MaxValue) : null,
            Has() ? random.NextInt64(long.MinValue, long.MaxValue) : null,
            Has() ? (float)Arbitrary.Double(random) : null,
            Has() ? Arbitrary.Double(random) : null,
            Has() ? Arbitrary.Decimal(random) : null,
            Has() ? Arbitrary.Text(random, random.Next(50)) : null,
            Has() ? Guid.NewGuid() : null,
            Has() ? Arbitrary.DateTime(random) : null,
            Has() ? new DateTimeOffset(Arbitrary.DateTime(random), TimeSpan.Zero) : null,
            Has() ? DateOnly.FromDateTime(Arbitrary.DateTime(random)) : null,
            Has() ? TimeOnly.FromDateTime(Arbitrary.DateTime(random)) : null,
            Has() ? TimeSpan.FromMicroseconds(random.NextInt64(-1L << 50, 1L << 50)) : null,
            Has() ? [.. Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next())] : null,
            Has() ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => Arbitrary.Text(random, random.Next(9)))] : null,
            Has() ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next())] : null);
    }
}
