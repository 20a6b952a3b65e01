using System.Globalization;

namespace CdcFlow.Hosting.Configuration;

/// <summary>A number of bytes as people write it: <c>67108864</c>, <c>64MiB</c>, <c>1 GiB</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, int Shift)[] units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];

    /// <summary>Reads it; null when it is none, or does not fit.</summary>
    public static long? Parse(string text)
    {
        var (digits, shift) = (text.Trim(), 0);
        foreach (var (unit, unitShift) in units)
        {
            if (digits.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                (digits, shift) = (digits[..^unit.Length].TrimEnd(), unitShift);
                break;
            }
        }

        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= long.MaxValue >> shift
            ? number << shift
            : null;
    }

    /// <summary>Writes it for people: the largest unit that leaves at least one whole.</summary>
    public static string Format(long bytes)
    {
        var (name, shift) = units.LastOrDefault(unit => bytes >> unit.Shift > 0);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << shift):0.#} {name}");
    }
}
