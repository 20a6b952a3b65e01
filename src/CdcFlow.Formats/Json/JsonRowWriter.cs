using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>Appends a row's columns as JSON members, each led by a comma: <c>,"id":7,"note":null</c>.</summary>
/// <remarks>A column that the log gave no value is left out, so that it can be told from null.</remarks>
/// <param name="output">Where to append.</param>
/// <param name="members">The names.</param>
/// <param name="unchanged">Columns to leave out, or null.</param>
public readonly struct JsonRowWriter(ByteBuffer output, JsonMembers members, ColumnSet? unchanged) : IRowWriter
{
    /// <inheritdoc/>
    public void WriteNull(int column)
    {
        if (Begin(column))
        {
            output.Append("null"u8);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, bool value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, short value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, int value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, long value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, float value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, double value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, decimal value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, string value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, Guid value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, DateTime value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, DateTimeOffset value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, DateOnly value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, TimeOnly value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, TimeSpan value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write(int column, byte[] value)
    {
        if (Begin(column))
        {
            JsonValue.Append(output, value);
        }
    }

    /// <inheritdoc/>
    public void Write<TValue>(int column, TValue value)
    {
        if (Begin(column))
        {
            JsonOther.Append(output, value);
        }
    }

    private bool Begin(int column)
    {
        if (unchanged is not null && unchanged.Contains(column))
        {
            return false;
        }

        output.Append(members[column]);
        return true;
    }
}
