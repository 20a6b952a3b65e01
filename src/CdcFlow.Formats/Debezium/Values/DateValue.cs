namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Dates.</summary>
internal static class DateValue
{
    /// <summary>Appends a date in days, or in ISO form. An infinite one is the server's own number for it, or its name.</summary>
    public static void Append(ByteBuffer output, ValueForm form, Moment value)
    {
        if (form == ValueForm.Days)
        {
            output.AppendText(value.IsInfinite ? value.Days > 0 ? int.MaxValue : int.MinValue : value.Days);
            return;
        }

        output.Append((byte)'"');
        if (value.IsInfinite)
        {
            output.Append(value.Days > 0 ? "infinity"u8 : "-infinity"u8);
        }
        else
        {
            IsoText.AppendDate(output, value.Days);
            output.Append((byte)'Z');
        }

        output.Append((byte)'"');
    }
}
