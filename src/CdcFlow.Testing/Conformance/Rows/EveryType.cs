using System.ComponentModel.DataAnnotations;
using CdcFlow.Rows;

namespace CdcFlow.Testing.Conformance.Rows;

/// <summary>A row with a column of every type that sinks take.</summary>
public sealed record EveryType(
    [property: Key] long Id,
    bool? BooleanValue, short? Int16Value, int? Int32Value, long? Int64Value,
    float? SingleValue, double? DoubleValue, decimal? DecimalValue, string? StringValue, Guid? GuidValue,
    DateTime? DateTimeValue, DateTimeOffset? DateTimeOffsetValue, DateOnly? DateOnlyValue, TimeOnly? TimeOnlyValue, TimeSpan? TimeSpanValue,
    byte[]? BytesValue, string[]? Texts, int[]? Numbers);

/// <summary>What the compiler would write for <see cref="EveryType"/>.</summary>
public readonly struct EveryTypeCodec : IRowCodec<EveryType>
{
    /// <inheritdoc/>
    public static RowSchema Schema { get; } = new(
        nameof(EveryType), "every_type", null,
        new ColumnDescriptor("Id", nameof(EveryType.Id), typeof(long), false, true),
        new ColumnDescriptor("BooleanValue", nameof(EveryType.BooleanValue), typeof(bool), true, false),
        new ColumnDescriptor("Int16Value", nameof(EveryType.Int16Value), typeof(short), true, false),
        new ColumnDescriptor("Int32Value", nameof(EveryType.Int32Value), typeof(int), true, false),
        new ColumnDescriptor("Int64Value", nameof(EveryType.Int64Value), typeof(long), true, false),
        new ColumnDescriptor("SingleValue", nameof(EveryType.SingleValue), typeof(float), true, false),
        new ColumnDescriptor("DoubleValue", nameof(EveryType.DoubleValue), typeof(double), true, false),
        new ColumnDescriptor("DecimalValue", nameof(EveryType.DecimalValue), typeof(decimal), true, false),
        new ColumnDescriptor("StringValue", nameof(EveryType.StringValue), typeof(string), true, false),
        new ColumnDescriptor("GuidValue", nameof(EveryType.GuidValue), typeof(Guid), true, false),
        new ColumnDescriptor("DateTimeValue", nameof(EveryType.DateTimeValue), typeof(DateTime), true, false),
        new ColumnDescriptor("DateTimeOffsetValue", nameof(EveryType.DateTimeOffsetValue), typeof(DateTimeOffset), true, false),
        new ColumnDescriptor("DateOnlyValue", nameof(EveryType.DateOnlyValue), typeof(DateOnly), true, false),
        new ColumnDescriptor("TimeOnlyValue", nameof(EveryType.TimeOnlyValue), typeof(TimeOnly), true, false),
        new ColumnDescriptor("TimeSpanValue", nameof(EveryType.TimeSpanValue), typeof(TimeSpan), true, false),
        new ColumnDescriptor("BytesValue", nameof(EveryType.BytesValue), typeof(byte[]), true, false),
        new ColumnDescriptor("Texts", nameof(EveryType.Texts), typeof(string[]), true, false),
        new ColumnDescriptor("Numbers", nameof(EveryType.Numbers), typeof(int[]), true, false));

    /// <inheritdoc/>
    public static EveryType Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.IsUnchanged(0) ? default : reader.GetInt64(0),
            reader.IsNull(1) ? null : reader.GetBoolean(1),
            reader.IsNull(2) ? null : reader.GetInt16(2),
            reader.IsNull(3) ? null : reader.GetInt32(3),
            reader.IsNull(4) ? null : reader.GetInt64(4),
            reader.IsNull(5) ? null : reader.GetSingle(5),
            reader.IsNull(6) ? null : reader.GetDouble(6),
            reader.IsNull(7) ? null : reader.GetDecimal(7),
            reader.IsNull(8) ? null : reader.GetString(8),
            reader.IsNull(9) ? null : reader.GetGuid(9),
            reader.IsNull(10) ? null : reader.GetDateTime(10),
            reader.IsNull(11) ? null : reader.GetDateTimeOffset(11),
            reader.IsNull(12) ? null : reader.GetDateOnly(12),
            reader.IsNull(13) ? null : reader.GetTimeOnly(13),
            reader.IsNull(14) ? null : reader.GetTimeSpan(14),
            reader.IsNull(15) ? null : reader.GetBytes(15),
            reader.IsNull(16) ? null : reader.Get<string[]>(16),
            reader.IsNull(17) ? null : reader.Get<int[]>(17));

    /// <inheritdoc/>
    public static EveryType ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.GetInt64(0),
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default,
            default);

    /// <inheritdoc/>
    public static void Write<TWriter>(EveryType row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
        if (row.BooleanValue is null)
        {
            writer.WriteNull(1);
        }
        else
        {
            writer.Write(1, row.BooleanValue.Value);
        }

        if (row.Int16Value is null)
        {
            writer.WriteNull(2);
        }
        else
        {
            writer.Write(2, row.Int16Value.Value);
        }

        if (row.Int32Value is null)
        {
            writer.WriteNull(3);
        }
        else
        {
            writer.Write(3, row.Int32Value.Value);
        }

        if (row.Int64Value is null)
        {
            writer.WriteNull(4);
        }
        else
        {
            writer.Write(4, row.Int64Value.Value);
        }

        if (row.SingleValue is null)
        {
            writer.WriteNull(5);
        }
        else
        {
            writer.Write(5, row.SingleValue.Value);
        }

        if (row.DoubleValue is null)
        {
            writer.WriteNull(6);
        }
        else
        {
            writer.Write(6, row.DoubleValue.Value);
        }

        if (row.DecimalValue is null)
        {
            writer.WriteNull(7);
        }
        else
        {
            writer.Write(7, row.DecimalValue.Value);
        }

        if (row.StringValue is null)
        {
            writer.WriteNull(8);
        }
        else
        {
            writer.Write(8, row.StringValue);
        }

        if (row.GuidValue is null)
        {
            writer.WriteNull(9);
        }
        else
        {
            writer.Write(9, row.GuidValue.Value);
        }

        if (row.DateTimeValue is null)
        {
            writer.WriteNull(10);
        }
        else
        {
            writer.Write(10, row.DateTimeValue.Value);
        }

        if (row.DateTimeOffsetValue is null)
        {
            writer.WriteNull(11);
        }
        else
        {
            writer.Write(11, row.DateTimeOffsetValue.Value);
        }

        if (row.DateOnlyValue is null)
        {
            writer.WriteNull(12);
        }
        else
        {
            writer.Write(12, row.DateOnlyValue.Value);
        }

        if (row.TimeOnlyValue is null)
        {
            writer.WriteNull(13);
        }
        else
        {
            writer.Write(13, row.TimeOnlyValue.Value);
        }

        if (row.TimeSpanValue is null)
        {
            writer.WriteNull(14);
        }
        else
        {
            writer.Write(14, row.TimeSpanValue.Value);
        }

        if (row.BytesValue is null)
        {
            writer.WriteNull(15);
        }
        else
        {
            writer.Write(15, row.BytesValue);
        }

        if (row.Texts is null)
        {
            writer.WriteNull(16);
        }
        else
        {
            writer.Write(16, row.Texts);
        }

        if (row.Numbers is null)
        {
            writer.WriteNull(17);
        }
        else
        {
            writer.Write(17, row.Numbers);
        }
    }

    /// <inheritdoc/>
    public static void WriteKey<TWriter>(EveryType row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
    }

    /// <inheritdoc/>
    public static int KeyHash(EveryType row) => StableHash.Of(row.Id);

    /// <inheritdoc/>
    public static bool KeyEquals(EveryType left, EveryType right) => left.Id == right.Id;

    /// <inheritdoc/>
    public static object Key(EveryType row) => row.Id;
}
