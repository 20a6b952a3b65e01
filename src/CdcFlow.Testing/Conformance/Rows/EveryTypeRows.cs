namespace CdcFlow.Testing.Conformance.Rows;

/// <summary>Values at the edges of each type.</summary>
/// <remarks>Times have whole microseconds and texts no zero character: what every system of the field can hold.</remarks>
internal static class EveryTypeRows
{
    private static readonly EveryType empty = new(0, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public static IReadOnlyList<EveryType> All { get; } =
    [
        empty with { Id = 1 },
        new(2, true, short.MaxValue, int.MaxValue, long.MaxValue, float.MaxValue, double.MaxValue, decimal.MaxValue, "plain", Guid.AllBitsSet,
            new DateTime(2999, 12, 31, 23, 59, 59, 999), new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(2)), new DateOnly(2999, 12, 31),
            new TimeOnly(23, 59, 59, 999), TimeSpan.FromDays(400) + TimeSpan.FromTicks(10), [0, 255, 10, 34], ["a", "b,c", "\"d\""], [1, -2]),
        new(3, false, short.MinValue, int.MinValue, long.MinValue, float.Epsilon, double.Epsilon, decimal.MinValue, "", Guid.Empty,
            new DateTime(1, 1, 2), new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero), new DateOnly(1, 1, 2),
            TimeOnly.MinValue, TimeSpan.FromHours(-30), [], [], []),
        empty with { Id = 4, SingleValue = float.NaN, DoubleValue = double.NaN, DecimalValue = 1.10m, StringValue = "Grüße, \"Welt\"\r\n\t\\ 😀 \u2028 \u0001 'x'" },
        empty with { Id = 5, SingleValue = float.NegativeInfinity, DoubleValue = double.PositiveInfinity, DecimalValue = 0.0000000000000000000000000001m, StringValue = " null " },
        empty with
        {
            Id = 6, SingleValue = 0.1f, DoubleValue = 0.1 + 0.2, DecimalValue = 0.00m, StringValue = new string('é', 100_000),
            TimeOnlyValue = TimeOnly.MinValue.Add(TimeSpan.FromTicks(1230)), DateTimeValue = new DateTime(1999, 12, 31, 23, 59, 59).AddTicks(1234560),
        },
    ];
}
