using System.Buffers;
using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>A value that comes as a server's text, in the form that its column has: a text property may stand for a column of any type.</summary>
internal static class TextValue
{
    private static readonly SearchValues<char> hexDigits = SearchValues.Create("0123456789abcdef");

    /// <exception cref="CdcFlowException">CDCF2104: the text is no value of the column's type.</exception>
    public static void Append(ByteBuffer output, ValueForm form, int scale, ReadOnlySpan<char> text, long most = long.MaxValue)
    {
        if (form == ValueForm.Text)
        {
            ConnectText.Append(output, text);
        }
        else if (!TryAppend(output, form, scale, most, text))
        {
            // The text itself may be personal data, so it is not shown.
            throw FormatErrors.NotHeld(
                $"a text that is no {form} value, such as a numeric NaN",
                "Choose another mode (Decimals = String, or NotFinite = Null), write the column's own type in [Column(TypeName = …)], or let the property be a decimal where it is money.");
        }
    }

    private static bool TryAppend(ByteBuffer output, ValueForm form, int scale, long most, ReadOnlySpan<char> text) => form switch
    {
        ValueForm.Boolean => TryBoolean(output, text),
        ValueForm.Integer => TryInteger(output, most, text),
        ValueForm.Float or ValueForm.Double => TryFloating(output, form, text),
        ValueForm.Decimal or ValueForm.VariableScaleDecimal or ValueForm.DecimalDouble => DecimalValue.TryAppend(output, form, scale, text),
        ValueForm.MoneyDecimal or ValueForm.MoneyDouble or ValueForm.MoneyText => MoneyText.TryAppend(output, form, scale, text),
        ValueForm.Bytes or ValueForm.Base64UrlSafe or ValueForm.Hex => TryBytes(output, form, text),
        ValueForm.Bits => BitsValue.TryAppend(output, text),
        ValueForm.MicroDuration or ValueForm.IsoInterval => IntervalValue.TryAppend(output, form, text),
        ValueForm.Point => PointValue.TryAppend(output, text),
        ValueForm.HstoreJson => HstoreValue.TryAppend(output, text),
        ValueForm.MillisOfDay or ValueForm.MicrosOfDay or ValueForm.IsoTime or ValueForm.ZonedTime => TryTime(output, form, text),
        _ => TryMoment(output, form, text),
    };

    private static bool TryBoolean(ByteBuffer output, ReadOnlySpan<char> text)
    {
        var isTrue = text is "t" or "1" or "true" or "True";
        if (!isTrue && text is not ("f" or "0" or "false" or "False"))
        {
            return false;
        }

        ScalarText.Append(output, isTrue);
        return true;
    }

    private static bool TryInteger(ByteBuffer output, long most, ReadOnlySpan<char> text)
    {
        var isRead = Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number <= most && number >= -(Int128)most - 1;
        if (isRead)
        {
            output.AppendText(number);
        }

        return isRead;
    }

    private static bool TryFloating(ByteBuffer output, ValueForm form, ReadOnlySpan<char> text)
    {
        if (form == ValueForm.Float && FloatingValue.TryParse(text, out float single))
        {
            JavaNumber.Append(output, single);
            return true;
        }

        if (form == ValueForm.Double && FloatingValue.TryParse(text, out double number))
        {
            JavaNumber.Append(output, number);
            return true;
        }

        return false;
    }

    private static bool TryBytes(ByteBuffer output, ValueForm form, ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("\\x", StringComparison.Ordinal) || text[2..].ContainsAnyExcept(hexDigits))
        {
            return false;
        }

        BytesValue.Append(output, form, Convert.FromHexString(text[2..]));
        return true;
    }

    private static bool TryTime(ByteBuffer output, ValueForm form, ReadOnlySpan<char> text)
    {
        var isRead = ServerText.TryTime(text, out var ticks, out var zone);
        if (isRead)
        {
            TimeValue.Append(output, form, ticks, zone);
        }

        return isRead;
    }

    private static bool TryMoment(ByteBuffer output, ValueForm form, ReadOnlySpan<char> text)
    {
        var isRead = ServerText.TryMoment(text, out var moment);
        if (isRead && form is (ValueForm.Days or ValueForm.IsoDate))
        {
            DateValue.Append(output, form, moment);
        }
        else if (isRead)
        {
            TimestampValue.Append(output, form, moment);
        }

        return isRead;
    }
}
