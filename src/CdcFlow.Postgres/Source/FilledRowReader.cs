using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source;

/// <summary>A new row of the log whose unchanged columns are taken from the old row, as far as that has them.</summary>
/// <param name="row">The new row.</param>
/// <param name="old">The old row.</param>
/// <param name="isKeyOnly">Whether a NULL of the old row only says that the column is not in it.</param>
internal ref struct FilledRowReader(PostgresRowReader row, PostgresRowReader old, bool isKeyOnly) : IRowReader
{
    private PostgresRowReader row = row;
    private PostgresRowReader old = old;

    public bool IsNull(int column) => row.IsUnchanged(column) ? old.IsNull(column) : row.IsNull(column);

    public bool IsUnchanged(int column) => row.IsUnchanged(column) && (old.IsUnchanged(column) || (isKeyOnly && old.IsNull(column)));

    public bool GetBoolean(int column) => row.IsUnchanged(column) ? old.GetBoolean(column) : row.GetBoolean(column);

    public short GetInt16(int column) => row.IsUnchanged(column) ? old.GetInt16(column) : row.GetInt16(column);

    public int GetInt32(int column) => row.IsUnchanged(column) ? old.GetInt32(column) : row.GetInt32(column);

    public long GetInt64(int column) => row.IsUnchanged(column) ? old.GetInt64(column) : row.GetInt64(column);

    public float GetSingle(int column) => row.IsUnchanged(column) ? old.GetSingle(column) : row.GetSingle(column);

    public double GetDouble(int column) => row.IsUnchanged(column) ? old.GetDouble(column) : row.GetDouble(column);

    public decimal GetDecimal(int column) => row.IsUnchanged(column) ? old.GetDecimal(column) : row.GetDecimal(column);

    public string GetString(int column) => row.IsUnchanged(column) ? old.GetString(column) : row.GetString(column);

    public ReadOnlySpan<byte> GetUtf8(int column) => row.IsUnchanged(column) ? old.GetUtf8(column) : row.GetUtf8(column);

    public Guid GetGuid(int column) => row.IsUnchanged(column) ? old.GetGuid(column) : row.GetGuid(column);

    public DateTime GetDateTime(int column) => row.IsUnchanged(column) ? old.GetDateTime(column) : row.GetDateTime(column);

    public DateTimeOffset GetDateTimeOffset(int column) =>
        row.IsUnchanged(column) ? old.GetDateTimeOffset(column) : row.GetDateTimeOffset(column);

    public DateOnly GetDateOnly(int column) => row.IsUnchanged(column) ? old.GetDateOnly(column) : row.GetDateOnly(column);

    public TimeOnly GetTimeOnly(int column) => row.IsUnchanged(column) ? old.GetTimeOnly(column) : row.GetTimeOnly(column);

    public TimeSpan GetTimeSpan(int column) => row.IsUnchanged(column) ? old.GetTimeSpan(column) : row.GetTimeSpan(column);

    public byte[] GetBytes(int column) => row.IsUnchanged(column) ? old.GetBytes(column) : row.GetBytes(column);

    public TValue Get<TValue>(int column) => row.IsUnchanged(column) ? old.Get<TValue>(column) : row.Get<TValue>(column);
}
