using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Values;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>Appends a row's columns as the fields of a record, with what stands for those that are not called for; <see cref="End"/> completes it.</summary>
/// <remarks>Values of the usual types go straight into the buffer. What needs more thought (a value in another C# type than its column's own, structs) is
/// spelled by Debezium's JSON writer, which knows how, and encoded from there.</remarks>
/// <param name="output">Where to append.</param>
/// <param name="columns">How.</param>
/// <param name="missing">Columns that the log gave no value, or null.</param>
/// <param name="json">Room for values that are spelled first.</param>
internal struct AvroRowWriter(ByteBuffer output, AvroColumns columns, ColumnSet? missing, ByteBuffer json) : IRowWriter
{
    private int next;

    /// <summary>The column that was begun last.</summary>
    public readonly int Column => next - 1;

    /// <summary>Appends what stands for the columns after the last one.</summary>
    public void End() => SkipTo(columns.Count);

    public void WriteNull(int column)
    {
        SkipTo(column);
        next = column + 1;
        var it = columns[column];
        if (missing is not null && missing.Contains(column))
        {
            output.Append(missing.IsNotCarried(column) ? it.Absent : it.Unchanged);
        }
        else
        {
            output.Append(it.Schema.IsNullable ? AvroBinary.FirstBranch : throw FormatErrors.NotHeld("null in a column that takes none", "Make the property nullable."));
        }
    }

    public void Write(int column, bool value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, short value) => Write(column, (long)value);

    public void Write(int column, int value) => Write(column, (long)value);

    public void Write(int column, long value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, float value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, double value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, decimal value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, string value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, Guid value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, DateTime value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, Moment.Of(value)))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, DateTimeOffset value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, Moment.Of(value.UtcDateTime)))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, DateOnly value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, Moment.Of(value)))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, TimeOnly value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, TimeSpan value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write(int column, byte[] value)
    {
        if (Begin(column) is { } it && !AvroValue.TryAppend(output, it, value))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    public void Write<TValue>(int column, TValue value)
    {
        if (Begin(column) is { } it && (it.Items is not { } items || value is not Array array || !TryAppendItems(items, value, array.Length)))
        {
            Spelling(it).Write(0, value);
            Encode(it);
        }
    }

    private AvroColumn? Begin(int column)
    {
        SkipTo(column);
        next = column + 1;
        var it = columns[column];
        if (missing is not null && missing.Contains(column))
        {
            output.Append(missing.IsNotCarried(column) ? it.Absent : it.Unchanged);
            return null;
        }

        if (it.Schema.IsNullable)
        {
            output.Append(AvroBinary.SecondBranch);
        }

        return it;
    }

    private void SkipTo(int column)
    {
        for (; next < column; next++)
        {
            output.Append(columns[next].Absent);
        }
    }

    private readonly bool TryAppendItems<TValue>(AvroColumns items, TValue value, int count)
    {
        var start = output.Length;
        if (count > 0)
        {
            AvroBinary.Append(output, count);
        }

        var writer = new AvroRowWriter(output, items, missing: null, json);
        if (!ArrayItems.TryWrite(value, ref writer))
        {
            output.Truncate(start);
            return false;
        }

        AvroBinary.Append(output, 0);
        return true;
    }

    private readonly DebeziumRowWriter Spelling(AvroColumn column)
    {
        json.Clear();
        return new DebeziumRowWriter(json, column.AsJson, skipped: null, isKeyOnly: false);
    }

    // What is spelled may be null (a numeric NaN), so the branch is chosen by it.
    private readonly void Encode(AvroColumn column)
    {
        output.Truncate(column.Schema.IsNullable ? output.Length - 1 : output.Length);
        AvroFromJson.Append(output, column.Schema, json.Written[1..]); // without the comma
    }
}
