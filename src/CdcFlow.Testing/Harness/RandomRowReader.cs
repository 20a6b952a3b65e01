using System.Globalization;
using System.Text;
using CdcFlow.Rows;

namespace CdcFlow.Testing;

/// <summary>Makes up rows: keys out of few values, so that rows meet; everything else out of many.</summary>
internal readonly struct RandomRowReader(RowSchema schema, Random random) : IRowReader
{
    private const int Keys = 50;
    private const int Values = 1_000_000;

    // One row in so many has a null where it may.
    private const int Nulls = 4;

    private static readonly DateTimeOffset epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public bool IsNull(int column) => schema.Columns[column].IsNullable && random.Next(Nulls) == 0;

    public bool IsUnchanged(int column) => false;

    public bool GetBoolean(int column) => Next(column) % 2 == 0;

    public short GetInt16(int column) => (short)(Next(column) % short.MaxValue);

    public int GetInt32(int column) => Next(column);

    public long GetInt64(int column) => Next(column);

    public float GetSingle(int column) => Next(column) / 4f;

    public double GetDouble(int column) => Next(column) / 4d;

    public decimal GetDecimal(int column) => Next(column) / 100m;

    public string GetString(int column)
    {
        var type = schema.Columns[column].ClrType;
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type);
            return names[random.Next(names.Length)];
        }

        return Next(column).ToString(CultureInfo.InvariantCulture);
    }

    public ReadOnlySpan<byte> GetUtf8(int column) => Encoding.UTF8.GetBytes(GetString(column));

    public Guid GetGuid(int column) => new(Next(column), 0, 0, new byte[8]);

    public DateTime GetDateTime(int column) => epoch.AddSeconds(Next(column)).DateTime;

    public DateTimeOffset GetDateTimeOffset(int column) => epoch.AddSeconds(Next(column));

    public DateOnly GetDateOnly(int column) => DateOnly.FromDateTime(epoch.AddDays(Next(column) % Keys).DateTime);

    public TimeOnly GetTimeOnly(int column) => new(Next(column) % TimeSpan.TicksPerDay);

    public TimeSpan GetTimeSpan(int column) => TimeSpan.FromSeconds(Next(column));

    public byte[] GetBytes(int column) => BitConverter.GetBytes(Next(column));

    public TValue Get<TValue>(int column) => throw new NotSupportedException(
        $"Rows of '{schema.RowType}' cannot be made up: column '{schema.Columns[column].Name}' is a {typeof(TValue).Name}. Make them yourself: options.WithRows(random => new {schema.RowType}(…)).");

    private int Next(int column) => random.Next(schema.Columns[column].IsKey ? Keys : Values);
}
