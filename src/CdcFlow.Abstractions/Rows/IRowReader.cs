namespace CdcFlow.Rows;

/// <summary>One row as the connector received it; generated codecs read their columns out of it by index.</summary>
/// <remarks>
/// Implemented by connectors as a struct (often a ref struct over the receive buffer), so that reads are direct calls.
/// A column index is an index into the codec's <see cref="RowSchema.Columns"/>; the connector has bound it to the wire
/// column, and has checked types, before the first row. A value that the asked type cannot hold (a numeric NaN as decimal,
/// an infinite timestamp) throws a <see cref="CdcFlowException"/> that names table, column and fix; it is never changed silently.
/// </remarks>
public interface IRowReader
{
    /// <summary>Whether the column is SQL NULL. Also true for a column that <see cref="IsUnchanged"/>.</summary>
    bool IsNull(int column);

    /// <summary>Whether the row has no value of the column: the log left it out because it did not change, or never carries it.</summary>
    bool IsUnchanged(int column);

    /// <summary>The column as a boolean.</summary>
    bool GetBoolean(int column);

    /// <summary>The column as a 16-bit integer.</summary>
    short GetInt16(int column);

    /// <summary>The column as a 32-bit integer.</summary>
    int GetInt32(int column);

    /// <summary>The column as a 64-bit integer.</summary>
    long GetInt64(int column);

    /// <summary>The column as a single-precision number.</summary>
    float GetSingle(int column);

    /// <summary>The column as a double-precision number.</summary>
    double GetDouble(int column);

    /// <summary>The column as a decimal.</summary>
    decimal GetDecimal(int column);

    /// <summary>The column as text: for a text type its value, for any other the server's own text of it.</summary>
    string GetString(int column);

    /// <summary>The UTF-8 bytes of <see cref="GetString"/>, valid until the next row is read.</summary>
    ReadOnlySpan<byte> GetUtf8(int column);

    /// <summary>The column as a UUID.</summary>
    Guid GetGuid(int column);

    /// <summary>The column as a date and time without a zone (kind unspecified).</summary>
    DateTime GetDateTime(int column);

    /// <summary>The column as an instant, offset zero.</summary>
    DateTimeOffset GetDateTimeOffset(int column);

    /// <summary>The column as a date.</summary>
    DateOnly GetDateOnly(int column);

    /// <summary>The column as a time of day.</summary>
    TimeOnly GetTimeOnly(int column);

    /// <summary>The column as a length of time.</summary>
    TimeSpan GetTimeSpan(int column);

    /// <summary>The column's bytes, in an array of the caller's own.</summary>
    byte[] GetBytes(int column);

    /// <summary>The column as any other type that the connector documents (arrays, ranges, its own value types).</summary>
    TValue Get<TValue>(int column);
}
