using CdcFlow.Rows;

namespace CdcFlow.Formats.Csv;

/// <summary>Appends a row's columns as CSV fields (RFC 4180), each led by a comma. NULL is an empty field, an empty text is <c>""</c>.</summary>
/// <param name="output">Where to append.</param>
/// <param name="unchanged">Columns whose field stays empty because the log gave them no value, or null.</param>
/// <param name="columns">How many columns a record has; those that nobody writes (a delete's, beyond its key) are empty.</param>
internal struct CsvRowWriter(ByteBuffer output, ColumnSet? unchanged, int columns) : IRowWriter
{
    private int begun;

    /// <summary>The column that was begun last.</summary>
    public readonly int Column => begun - 1;

    public void WriteNull(int column) => Begin(column);

    /// <summary>Empty fields for the columns after the last one written.</summary>
    public void EndRow()
    {
        if (begun < columns)
        {
            Begin(columns - 1);
        }
    }

    public void Write(int column, bool value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, short value)
    {
        if (Begin(column))
        {
            output.AppendText(value);
        }
    }

    public void Write(int column, int value)
    {
        if (Begin(column))
        {
            output.AppendText(value);
        }
    }

    public void Write(int column, long value)
    {
        if (Begin(column))
        {
            output.AppendText(value);
        }
    }

    public void Write(int column, float value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, double value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, decimal value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, string value)
    {
        if (Begin(column))
        {
            CsvText.Append(output, value);
        }
    }

    public void Write(int column, Guid value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, DateTime value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, DateTimeOffset value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, DateOnly value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, TimeOnly value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, TimeSpan value)
    {
        if (Begin(column))
        {
            ScalarText.Append(output, value);
        }
    }

    public void Write(int column, byte[] value)
    {
        if (Begin(column))
        {
            CsvText.Append(output, value);
        }
    }

    public void Write<TValue>(int column, TValue value)
    {
        if (Begin(column))
        {
            CsvText.AppendJson(output, value);
        }
    }

    private bool Begin(int column)
    {
        for (; begun <= column; begun++)
        {
            output.Append((byte)',');
        }

        return unchanged is null || !unchanged.Contains(column);
    }
}
