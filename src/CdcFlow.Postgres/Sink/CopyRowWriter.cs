using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Appends a row's columns as fields of a <c>COPY</c> tuple; those that are skipped (a delete's, beyond its key) are NULL.</summary>
/// <param name="output">Where to append.</param>
/// <param name="columns">How many columns the row has.</param>
/// <param name="unchanged">Columns that the log gave no value: NULL in the tuple, and left alone by the merge.</param>
/// <param name="zoned">Columns whose times go to a column of instants, or null: <see cref="TargetBinding.Zoned"/>.</param>
internal struct CopyRowWriter(ByteBuffer output, int columns, ColumnSet? unchanged, bool[]? zoned) : IRowWriter
{
    private bool isKeyAlone;
    private int begun;

    /// <summary>One that appends the key's columns and nothing in the place of the others.</summary>
    public static CopyRowWriter OfKey(ByteBuffer output, bool[]? zoned) => new(output, columns: 0, unchanged: null, zoned) { isKeyAlone = true };

    public void WriteNull(int column)
    {
        if (Begin(column))
        {
            CopyValue.Null(output);
        }
    }

    /// <summary>NULL for the columns after the last one written.</summary>
    public void EndRow() => SkipTo(columns);

    public void Write(int column, bool value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, short value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, int value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, long value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, float value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, double value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, decimal value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, string value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, Guid value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, DateTime value)
    {
        if (!Begin(column))
        {
            return;
        }

        if (zoned?[column] == true)
        {
            CopyValue.AppendZoned(output, value);
        }
        else
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, DateTimeOffset value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, DateOnly value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, TimeOnly value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, TimeSpan value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write(int column, byte[] value)
    {
        if (Begin(column))
        {
            CopyValue.Append(output, value);
        }
    }

    public void Write<TValue>(int column, TValue value)
    {
        if (Begin(column))
        {
            CopyArray.Append(output, value);
        }
    }

    /// <summary>Whether the column's value is to follow.</summary>
    private bool Begin(int column)
    {
        if (!isKeyAlone)
        {
            SkipTo(column);
        }

        begun++;
        if (unchanged is null || !unchanged.Contains(column))
        {
            return true;
        }

        CopyValue.Null(output);
        return false;
    }

    private void SkipTo(int column)
    {
        for (; begun < column; begun++)
        {
            CopyValue.Null(output);
        }
    }
}
