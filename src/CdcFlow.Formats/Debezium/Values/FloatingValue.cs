using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Floating-point numbers, out of whatever type of number: exact, or refused.</summary>
internal static class FloatingValue
{
    /// <exception cref="CdcFlowException">CDCF2104: a <c>real</c> column cannot hold it exactly.</exception>
    public static void Append(ByteBuffer output, ValueForm form, double value)
    {
        if (form == ValueForm.Double)
        {
            JavaNumber.Append(output, value);
        }
        else
        {
            JavaNumber.Append(output, (float)value is var single && (single == value || double.IsNaN(value)) ? single : throw NotExact("real"));
        }
    }

    /// <exception cref="CdcFlowException">CDCF2104: the column cannot hold it exactly.</exception>
    public static void Append(ByteBuffer output, ValueForm form, decimal value)
    {
        if (form == ValueForm.Double)
        {
            JavaNumber.Append(output, (double)value is var rounded && IsSame(rounded, value) ? rounded : throw NotExact("double precision"));
        }
        else
        {
            JavaNumber.Append(output, (float)value is var rounded && IsSame(rounded, value) ? rounded : throw NotExact("real"));
        }
    }

    /// <summary>A number of a text.</summary>
    /// <returns>Whether it is one, and not beyond the largest.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && (!double.IsInfinity(value) || text.Contains('I') || text.Contains('i'));

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out double)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && (!float.IsInfinity(value) || text.Contains('I') || text.Contains('i'));

    // The shortest text of the rounded number is what readers see.
    private static bool IsSame<TNumber>(TNumber rounded, decimal value)
        where TNumber : IFormattable =>
        decimal.TryParse(rounded.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var shown) && shown == value;

    private static CdcFlowException NotExact(string type) => FormatErrors.NotHeld(
        $"a number that {type} cannot hold exactly", """Write the column's own type in [Column(TypeName = "…")], or round it in a transform.""");
}
