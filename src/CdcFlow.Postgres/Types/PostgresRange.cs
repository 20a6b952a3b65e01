using System.Globalization;

namespace CdcFlow.Postgres;

/// <summary>A value of a range type.</summary>
/// <typeparam name="T">The bounds' type: <c>int</c>, <c>long</c>, <c>decimal</c>, <c>DateOnly</c>, <c>DateTime</c> or <c>DateTimeOffset</c>.</typeparam>
/// <param name="Lower">The lower bound; null: none, the range goes on for ever.</param>
/// <param name="Upper">The upper bound; null: none.</param>
/// <param name="IsLowerInclusive">Whether the lower bound is in the range.</param>
/// <param name="IsUpperInclusive">Whether the upper bound is in the range.</param>
public readonly record struct PostgresRange<T>(T? Lower, T? Upper, bool IsLowerInclusive, bool IsUpperInclusive) : IFormattable
    where T : struct
{
    /// <summary>Whether the range holds nothing (<c>'empty'</c>).</summary>
    public bool IsEmpty { get; init; }

    /// <summary>The server's own text: <c>[1,5)</c>, <c>empty</c>, <c>(,"2026-01-01 00:00:00+00"]</c>.</summary>
    public override string ToString() => IsEmpty
        ? "empty"
        : $"{(IsLowerInclusive ? '[' : '(')}{Bound(Lower)},{Bound(Upper)}{(IsUpperInclusive ? ']' : ')')}";

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    // Only times hold a space, so only they stand in quotes.
    private static string? Bound(T? bound) => bound switch
    {
        DateTime time => string.Create(CultureInfo.InvariantCulture, $"\"{time:yyyy-MM-dd HH:mm:ss.FFFFFF}{(time.Kind == DateTimeKind.Utc ? "+00" : "")}\""),
        DateTimeOffset instant => string.Create(CultureInfo.InvariantCulture, $"\"{instant.UtcDateTime:yyyy-MM-dd HH:mm:ss.FFFFFF}+00\""),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => bound?.ToString(),
    };
}
