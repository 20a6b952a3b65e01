using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Values;

namespace CdcFlow.Formats.Avro;

/// <summary>Values whose C# type goes straight into their column's form. Each method appends nothing and says no where it does not.</summary>
internal static class AvroValue
{
    public static bool TryAppend(ByteBuffer output, AvroColumn column, bool value)
    {
        var fits = column.Schema.Type == AvroType.Boolean;
        if (fits)
        {
            AvroBinary.Append(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, long value)
    {
        var fits = column.Form == ValueForm.Integer && (column.Schema.Type == AvroType.Long || value == (int)value);
        if (fits)
        {
            AvroBinary.Append(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, float value)
    {
        var fits = column.Form == ValueForm.Float;
        if (fits)
        {
            AvroBinary.Append(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, double value)
    {
        var fits = column.Form == ValueForm.Double;
        if (fits)
        {
            AvroBinary.Append(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, decimal value) =>
        column.Form is ValueForm.Decimal or ValueForm.MoneyDecimal && AvroDecimal.TryAppend(output, value, column.Schema.Scale);

    public static bool TryAppend(ByteBuffer output, AvroColumn column, string value)
    {
        var fits = column.Form == ValueForm.Text;
        if (fits)
        {
            AvroBinary.Append(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, Guid value)
    {
        var fits = column.Form == ValueForm.Text;
        if (fits)
        {
            AvroBinary.AppendText(output, value);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, Moment value)
    {
        switch (column.Form)
        {
            case ValueForm.Days: AvroBinary.Append(output, value.Days); return true;
            case ValueForm.MillisTimestamp: AvroBinary.Append(output, value.Milliseconds); return true;
            case ValueForm.MicrosTimestamp: AvroBinary.Append(output, value.Microseconds); return true;
            default: return false;
        }
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, TimeOnly value)
    {
        var fits = column.Form == ValueForm.MicrosOfDay;
        if (fits)
        {
            AvroBinary.Append(output, value.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, TimeSpan value)
    {
        var fits = column.Form == ValueForm.MicroDuration;
        if (fits)
        {
            AvroBinary.Append(output, value.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        return fits;
    }

    public static bool TryAppend(ByteBuffer output, AvroColumn column, byte[] value)
    {
        var fits = column is { Form: ValueForm.Bytes, Schema.Type: AvroType.Bytes };
        if (fits)
        {
            AvroBinary.Append(output, value.AsSpan());
        }

        return fits;
    }
}
