using System.Globalization;
using System.Text.Json;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Values;
using CdcFlow.Formats.Json;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium;

/// <summary>Appends a row's columns as members of Debezium's row images, each led by a comma.</summary>
/// <param name="output">Where to append.</param>
/// <param name="columns">Names, forms, and what stands for values that are not there.</param>
/// <param name="skipped">Columns whose value is not there, or null.</param>
/// <param name="isKeyOnly">Whether they are not there because only the key is known; otherwise because the log gave them no value.</param>
internal struct DebeziumRowWriter(ByteBuffer output, DebeziumColumns columns, ColumnSet? skipped, bool isKeyOnly) : IRowWriter
{
    /// <summary>The column that was begun last.</summary>
    public int Column { get; private set; }

    public void WriteNull(int column)
    {
        if (Begin(column) is not null)
        {
            output.Append("null"u8);
        }
    }

    public void Write(int column, bool value)
    {
        if (Begin(column) is { } it)
        {
            JsonValue.Append(output, value);
        }
    }

    public void Write(int column, short value)
    {
        if (Begin(column) is { } it)
        {
            AppendInteger(it, value);
        }
    }

    public void Write(int column, int value)
    {
        if (Begin(column) is { } it)
        {
            AppendInteger(it, value);
        }
    }

    public void Write(int column, long value)
    {
        if (Begin(column) is { } it)
        {
            AppendInteger(it, value);
        }
    }

    public void Write(int column, float value)
    {
        if (Begin(column) is { } it)
        {
            JavaNumber.Append(output, value);
        }
    }

    public void Write(int column, double value)
    {
        if (Begin(column) is { } it)
        {
            FloatingValue.Append(output, it.Form, value);
        }
    }

    public void Write(int column, decimal value)
    {
        if (Begin(column) is { } it)
        {
            AppendDecimal(it, value);
        }
    }

    public void Write(int column, string value)
    {
        if (Begin(column) is { } it)
        {
            AppendText(it, value);
        }
    }

    public void Write(int column, Guid value)
    {
        if (Begin(column) is { } it)
        {
            JsonValue.Append(output, value);
        }
    }

    public void Write(int column, DateTime value)
    {
        if (Begin(column) is { } it)
        {
            AppendMoment(it, Moment.Of(value));
        }
    }

    public void Write(int column, DateTimeOffset value)
    {
        if (Begin(column) is { } it)
        {
            AppendMoment(it, Moment.Of(value.UtcDateTime));
        }
    }

    public void Write(int column, DateOnly value)
    {
        if (Begin(column) is { } it)
        {
            AppendMoment(it, Moment.Of(value));
        }
    }

    public void Write(int column, TimeOnly value)
    {
        if (Begin(column) is { } it)
        {
            TimeValue.Append(output, it.Form, value.Ticks);
        }
    }

    public void Write(int column, TimeSpan value)
    {
        if (Begin(column) is { } it)
        {
            AppendSpan(it, value);
        }
    }

    public void Write(int column, byte[] value)
    {
        if (Begin(column) is { } it)
        {
            BytesValue.Append(output, it.Form, value);
        }
    }

    public void Write<TValue>(int column, TValue value)
    {
        if (Begin(column) is { } it)
        {
            AppendOther(it, value);
        }
    }

    private DebeziumColumn? Begin(int column)
    {
        Column = column;
        var it = columns[column];
        if (skipped is not null && skipped.Contains(column))
        {
            output.Append(isKeyOnly ? it.Absent : skipped.IsNotCarried(column) ? [] : it.Unchanged);
            return null;
        }

        output.Append(it.Member);
        return it;
    }

    private readonly void AppendText(DebeziumColumn column, ReadOnlySpan<char> text)
    {
        if (column.IsNotFiniteNull && text is ("NaN" or "Infinity" or "-Infinity"))
        {
            output.Append("null"u8);
        }
        else
        {
            TextValue.Append(output, column.Form, column.Scale, text, column.Most);
        }
    }

    private readonly void AppendInteger(DebeziumColumn column, long value)
    {
        if (column.Form == ValueForm.Integer)
        {
            output.AppendText(value <= column.Most && value >= -column.Most - 1 ? value : throw BeyondType(column));
        }
        else
        {
            AppendDecimal(column, value);
        }
    }

    private readonly void AppendDecimal(DebeziumColumn column, decimal value)
    {
        switch (column.Form)
        {
            case ValueForm.Integer: AppendWhole(column, value); break;
            case ValueForm.Float or ValueForm.Double: FloatingValue.Append(output, column.Form, value); break;
            default: DecimalValue.Append(output, column.Form, column.Scale, value); break;
        }
    }

    private readonly void AppendWhole(DebeziumColumn column, decimal value)
    {
        if (!decimal.IsInteger(value))
        {
            throw FormatErrors.NotHeld("a fraction in a column of integers", "Write the column's own type in [Column(TypeName = …)].");
        }

        output.AppendText(value <= column.Most && value >= -(decimal)column.Most - 1 ? decimal.Truncate(value) : throw BeyondType(column), "F0");
    }

    private static CdcFlowException BeyondType(DebeziumColumn column) => FormatErrors.NotHeld(
        $"a number beyond {column.Most} in a column of such integers", """Write the column's own type in [Column(TypeName = "bigint")], or numeric(20,0) beyond that.""");

    private readonly void AppendMoment(DebeziumColumn column, Moment value)
    {
        if (column.Form is ValueForm.Days or ValueForm.IsoDate)
        {
            DateValue.Append(output, column.Form, value);
        }
        else
        {
            TimestampValue.Append(output, column.Form, value);
        }
    }

    private readonly void AppendSpan(DebeziumColumn column, TimeSpan value)
    {
        if (column.Form is ValueForm.MicroDuration or ValueForm.IsoInterval)
        {
            IntervalValue.Append(output, column.Form, value);
        }
        else
        {
            TimeValue.Append(output, column.Form, value.Ticks);
        }
    }

    private readonly void AppendOther<TValue>(DebeziumColumn column, TValue value)
    {
        if (column.Items is { } items)
        {
            var start = output.Length;
            var writer = new DebeziumRowWriter(output, items, skipped: null, isKeyOnly: false);
            if (ArrayItems.TryWrite(value, ref writer))
            {
                JsonMembers.Enclose(output, start, '[', ']');
                return;
            }
        }

        switch ((object?)value)
        {
            case null: output.Append("null"u8); break;
            case byte number: AppendInteger(column, number); break;
            case sbyte number: AppendInteger(column, number); break;
            case ushort number: AppendInteger(column, number); break;
            case uint number: AppendInteger(column, number); break;
            case ulong number: AppendDecimal(column, number); break;
            case Dictionary<string, string?> pairs: HstoreValue.Append(output, pairs); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: throw FormatErrors.NoJson();
            case JsonElement json: AppendText(column, json.GetRawText()); break;
            case IFormattable text: AppendText(column, text.ToString(null, CultureInfo.InvariantCulture)); break;
            default: throw FormatErrors.NoForm(typeof(TValue), "Debezium's JSON");
        }
    }
}
