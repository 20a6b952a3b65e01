using System.Runtime.CompilerServices;
using System.Text;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Types;

/// <summary>
/// Reads one row of the log or of COPY into properties, straight from the receive buffer. Allocates what it returns and nothing else.
/// </summary>
internal readonly ref struct PostgresRowReader : IRowReader
{
    /// <summary>Throws on bytes that are not UTF-8 (a database of encoding SQL_ASCII may hold any): replacing them would change the value.</summary>
    private static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TupleData row;
    private readonly ColumnBinding binding;
    private readonly BoundColumn[] columns;

    internal PostgresRowReader(TupleData row, ColumnBinding binding)
    {
        if (row.Count < binding.FieldCount)
        {
            throw new PostgresProtocolException($"A row of {binding.Table} has {row.Count} fields where {binding.FieldCount} are asked for.");
        }

        this.row = row;
        this.binding = binding;
        columns = binding.Columns;
    }

    /// <summary>The row type.</summary>
    internal RowSchema Schema => binding.Schema;

    public bool IsNull(int column) => columns[column].Field is var field && (field < 0 || row.IsNull(field));

    public bool IsUnchanged(int column) => columns[column].Field is var field && (field >= 0 ? row.IsUnchanged(field) : field == BoundColumn.NotCarried);

    /// <summary>The label in a column of a declared enum; null where it has none, or is of another type, whose text may be anything.</summary>
    internal string? Label(int column) => columns[column] is { IsBinary: false, Type.IsEnum: true } && !IsNull(column) && !IsUnchanged(column) ? GetString(column) : null;

    public bool GetBoolean(int column) => Take(column, out var bytes) ? BinaryValue.Boolean(bytes) : Decode<bool>(column, bytes);

    public short GetInt16(int column) =>
        Take(column, out var bytes) ? BinaryValue.Int16(bytes)
        : NumberText.TryInt16(bytes, out var value) ? value : throw Misfit(column, bytes);

    public int GetInt32(int column) =>
        Take(column, out var bytes) ? (int)BinaryInteger(bytes)
        : NumberText.TryInt32(bytes, out var value) ? value : throw Misfit(column, bytes);

    public long GetInt64(int column) =>
        Take(column, out var bytes) ? BinaryInteger(bytes)
        : NumberText.TryInt64(bytes, out var value) ? value : throw Misfit(column, bytes);

    public float GetSingle(int column) => Take(column, out var bytes) ? BinaryValue.Single(bytes) : Decode<float>(column, bytes);

    public double GetDouble(int column) =>
        !Take(column, out var bytes) ? Decode<double>(column, bytes)
        : columns[column].Type.Kind switch
        {
            ValueKind.Double => BinaryValue.Double(bytes),
            ValueKind.Single => BinaryValue.Single(bytes),
            _ => BinaryInteger(bytes),
        };

    public decimal GetDecimal(int column)
    {
        var isBinary = Take(column, out var bytes);
        decimal value;
        return columns[column].Type.Kind switch
        {
            ValueKind.Numeric => (isBinary ? BinaryNumeric.TryDecimal(bytes, out value) : NumberText.TryDecimal(bytes, out value))
                ? value : throw Misfit(column, bytes),
            _ => isBinary ? BinaryInteger(bytes) : Decode<decimal>(column, bytes),
        };
    }

    public string GetString(int column)
    {
        var utf8 = GetUtf8(column);
        try
        {
            return strictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Misfit(column, utf8);
        }
    }

    public ReadOnlySpan<byte> GetUtf8(int column) =>
        !Take(column, out var bytes)
            ? bytes
            : throw new InvalidOperationException(
                $"Column {column} of {binding.Table} was bound as {binding.Schema.Columns[column].ClrType.Name}, not as text.");

    public Guid GetGuid(int column) => Take(column, out var bytes) ? BinaryValue.Uuid(bytes) : Decode<Guid>(column, bytes);

    public DateTime GetDateTime(int column)
    {
        if (!Take(column, out var bytes))
        {
            return Decode<DateTime>(column, bytes);
        }

        var kind = columns[column].Type.Kind;
        if (kind == ValueKind.Date)
        {
            return BinaryValue.TryDate(bytes, out var date) ? date.ToDateTime(default) : throw Misfit(column, bytes);
        }

        return !BinaryValue.TryTimestamp(bytes, out var value) ? throw Misfit(column, bytes)
            : kind == ValueKind.TimestampTz ? DateTime.SpecifyKind(value, DateTimeKind.Utc)
            : value;
    }

    public DateTimeOffset GetDateTimeOffset(int column) =>
        !Take(column, out var bytes) ? Decode<DateTimeOffset>(column, bytes)
        : BinaryValue.TryTimestamp(bytes, out var value) ? new DateTimeOffset(value.Ticks, TimeSpan.Zero) : throw Misfit(column, bytes);

    public DateOnly GetDateOnly(int column) =>
        !Take(column, out var bytes) ? Decode<DateOnly>(column, bytes)
        : BinaryValue.TryDate(bytes, out var value) ? value : throw Misfit(column, bytes);

    public TimeOnly GetTimeOnly(int column) =>
        !Take(column, out var bytes) ? Decode<TimeOnly>(column, bytes)
        : BinaryValue.Time(bytes) is var value && value.Ticks < TimeSpan.TicksPerDay ? new TimeOnly(value.Ticks) : throw Misfit(column, bytes);

    public TimeSpan GetTimeSpan(int column) => Take(column, out var bytes) ? BinaryValue.Time(bytes) : Decode<TimeSpan>(column, bytes);

    public byte[] GetBytes(int column) => Take(column, out var bytes) ? bytes.ToArray() : Decode<byte[]>(column, bytes);

    public TValue Get<TValue>(int column) =>
        Take(column, out var bytes)
            ? throw new InvalidOperationException($"Column {column} of {binding.Table} has a method of its own for {typeof(TValue).Name}.")
            : Decode<TValue>(column, bytes);

    /// <summary>The field's bytes.</summary>
    /// <returns>Whether they are the type's binary form; text otherwise.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(int column, out ReadOnlySpan<byte> bytes)
    {
        ref readonly var bound = ref columns[column];
        bytes = row[bound.Field];
        return bound.IsBinary;
    }

    private TValue Decode<TValue>(int column, ReadOnlySpan<byte> text) =>
        columns[column].Decoder is TextDecoder<TValue> decoder
            ? decoder.Decode(text, columns[column].Type, out var value) ? value : throw Misfit(column, text)
            : throw new InvalidOperationException(
                $"Column {column} of {binding.Table} was bound as {binding.Schema.Columns[column].ClrType.Name}, not as {typeof(TValue).Name}.");

    private static long BinaryInteger(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => BinaryValue.Int16(bytes),
        4 => BinaryValue.Int32(bytes),
        _ => BinaryValue.Int64(bytes),
    };

    private CdcFlowException Misfit(int column, ReadOnlySpan<byte> value) => ValueMisfit.Of(binding, column, value);
}
