using System.Globalization;
using System.Text;
using CdcFlow.Rows;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>A row whose values stand in an array; <see cref="Unchanged"/> in a place means that the log did not carry it.</summary>
internal readonly struct FakeRow(object?[] values) : IRowReader, IRowWriter
{
    public static readonly object Unchanged = new();

    public object?[] Values { get; } = values;

    public bool IsNull(int column) => Values[column] is null || IsUnchanged(column);

    public bool IsUnchanged(int column) => ReferenceEquals(Values[column], Unchanged);

    public bool GetBoolean(int column) => Get<bool>(column);

    public short GetInt16(int column) => Get<short>(column);

    public int GetInt32(int column) => Get<int>(column);

    public long GetInt64(int column) => Get<long>(column);

    public float GetSingle(int column) => Get<float>(column);

    public double GetDouble(int column) => Get<double>(column);

    public decimal GetDecimal(int column) => Get<decimal>(column);

    public string GetString(int column) => Convert.ToString(Values[column], CultureInfo.InvariantCulture)!;

    public ReadOnlySpan<byte> GetUtf8(int column) => Encoding.UTF8.GetBytes(GetString(column));

    public Guid GetGuid(int column) => Get<Guid>(column);

    public DateTime GetDateTime(int column) => Get<DateTime>(column);

    public DateTimeOffset GetDateTimeOffset(int column) => Get<DateTimeOffset>(column);

    public DateOnly GetDateOnly(int column) => Get<DateOnly>(column);

    public TimeOnly GetTimeOnly(int column) => Get<TimeOnly>(column);

    public TimeSpan GetTimeSpan(int column) => Get<TimeSpan>(column);

    public byte[] GetBytes(int column) => Get<byte[]>(column);

    public TValue Get<TValue>(int column) => (TValue)Values[column]!;

    public void WriteNull(int column) => Values[column] = null;

    public void Write(int column, bool value) => Values[column] = value;

    public void Write(int column, short value) => Values[column] = value;

    public void Write(int column, int value) => Values[column] = value;

    public void Write(int column, long value) => Values[column] = value;

    public void Write(int column, float value) => Values[column] = value;

    public void Write(int column, double value) => Values[column] = value;

    public void Write(int column, decimal value) => Values[column] = value;

    public void Write(int column, string value) => Values[column] = value;

    public void Write(int column, Guid value) => Values[column] = value;

    public void Write(int column, DateTime value) => Values[column] = value;

    public void Write(int column, DateTimeOffset value) => Values[column] = value;

    public void Write(int column, DateOnly value) => Values[column] = value;

    public void Write(int column, TimeOnly value) => Values[column] = value;

    public void Write(int column, TimeSpan value) => Values[column] = value;

    public void Write(int column, byte[] value) => Values[column] = value;

    public void Write<TValue>(int column, TValue value) => Values[column] = value;
}
