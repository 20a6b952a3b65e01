using System.Text;

namespace CdcFlow.Formats.Tests;

/// <summary>Values out of a seeded generator, with the awkward ones often.</summary>
internal static class Arbitrary
{
    /// <summary>UTF-16 code units of all kinds: controls, quotes, several planes, halves of surrogate pairs.</summary>
    public static string Text(Random random, int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            switch (random.Next(8))
            {
                case 0: text.Append((char)random.Next(0x20)); break;
                case 1: text.Append("\"\\"[random.Next(2)]); break;
                case 2: text.Append((char)random.Next(0x80, 0xD800)); break;
                case 3: text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))); break;
                case 4: text.Append((char)random.Next(0xD800, 0xE000)); break;
                default: text.Append((char)random.Next(0x20, 0x7F), random.Next(20)); break;
            }
        }

        return text.ToString();
    }

    /// <summary>Whether no half of a surrogate pair stands alone.</summary>
    public static bool IsUnicode(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    public static double Double(Random random) => random.Next(4) switch
    {
        0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        1 => random.Next(-1000, 1000),
        2 => Math.Pow(10, random.Next(-30, 30)) * (random.Next(2) == 0 ? -1 : 1),
        _ => random.NextDouble(),
    };

    public static decimal Decimal(Random random) => random.Next(3) switch
    {
        0 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        1 => random.Next(-100_000, 100_000) / 100m,
        _ => new decimal(random.NextInt64(long.MinValue, long.MaxValue)),
    };

    public static DateTime DateTime(Random random) => new(random.NextInt64(System.DateTime.MaxValue.Ticks / 10) * 10);
}
