namespace CdcFlow.Postgres;

/// <summary>A value of a range type.</summary>
/// <typeparam name="T">The bounds' type: <c>int</c>, <c>long</c>, <c>decimal</c>, <c>DateOnly</c>, <c>DateTime</c> or <c>DateTimeOffset</c>.</typeparam>
/// <param name="Lower">The lower bound; null: none, the range goes on for ever.</param>
/// <param name="Upper">The upper bound; null: none.</param>
/// <param name="IsLowerInclusive">Whether the lower bound is in the range.</param>
/// <param name="IsUpperInclusive">Whether the upper bound is in the range.</param>
public readonly record struct PostgresRange<T>(T? Lower, T? Upper, bool IsLowerInclusive, bool IsUpperInclusive)
    where T : struct
{
    /// <summary>Whether the range holds nothing (<c>'empty'</c>).</summary>
    public bool IsEmpty { get; init; }
}
