namespace CdcFlow.Rows;

/// <summary>Takes a row's columns, one call per column, in the order of <see cref="RowSchema.Columns"/>.</summary>
/// <remarks>Implemented by sinks as a struct over their own buffer, so that writes are direct calls.
/// Through <see cref="Write(int, string)"/> also arrive enums, as their member's label or name (<see cref="ColumnDescriptor.EnumValues"/>), and bits, as in <c>0101</c>.</remarks>
public interface IRowWriter
{
    /// <summary>SQL NULL.</summary>
    void WriteNull(int column);

    /// <summary>A boolean.</summary>
    void Write(int column, bool value);

    /// <summary>A 16-bit integer.</summary>
    void Write(int column, short value);

    /// <summary>A 32-bit integer.</summary>
    void Write(int column, int value);

    /// <summary>A 64-bit integer.</summary>
    void Write(int column, long value);

    /// <summary>A single-precision number.</summary>
    void Write(int column, float value);

    /// <summary>A double-precision number.</summary>
    void Write(int column, double value);

    /// <summary>A decimal.</summary>
    void Write(int column, decimal value);

    /// <summary>Text, or an enum member's name.</summary>
    void Write(int column, string value);

    /// <summary>A UUID.</summary>
    void Write(int column, Guid value);

    /// <summary>A date and time without a zone.</summary>
    void Write(int column, DateTime value);

    /// <summary>An instant.</summary>
    void Write(int column, DateTimeOffset value);

    /// <summary>A date.</summary>
    void Write(int column, DateOnly value);

    /// <summary>A time of day.</summary>
    void Write(int column, TimeOnly value);

    /// <summary>A length of time.</summary>
    void Write(int column, TimeSpan value);

    /// <summary>Bytes.</summary>
    void Write(int column, byte[] value);

    /// <summary>A value of any other column type (arrays, a connector's own value types).</summary>
    void Write<TValue>(int column, TValue value);
}
