using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Formats.Debezium.Values;

namespace CdcFlow.Formats.Avro;

/// <summary>One column: how its values are written, and what stands instead of one that is not there.</summary>
internal sealed class AvroColumn
{
    /// <summary>A column for whose missing values null stands, or one that never misses.</summary>
    public AvroColumn(AvroColumnType type, bool isAlwaysThere = false)
    {
        (Schema, Form) = (type.Schema, type.Form);
        AsJson = DebeziumColumns.OfItems(type.Form, (type.Schema.Items ?? type.Schema).Scale, type.IsNotFiniteNull);
        Items = type.Schema.Items is { } items ? AvroColumns.OfItems(new AvroColumnType(items, type.Form, type.IsNotFiniteNull)) : null;
        Absent = Unchanged = isAlwaysThere ? [] : Encoded("null"u8);
    }

    /// <summary>A column of a Debezium row image, for whose missing values Debezium has its own.</summary>
    public AvroColumn(DebeziumType type, UnchangedMode unchanged)
        : this(AvroColumnType.Of(type), isAlwaysThere: true)
    {
        Absent = Encoded(AbsentValue.Of(type.Schema));
        Unchanged = unchanged == UnchangedMode.Placeholder && Placeholder.Of(type) is { } value ? Encoded(value) : Absent;
    }

    public AvroSchema Schema { get; }

    public ValueForm Form { get; }

    /// <summary>An array's items; null for what is no array.</summary>
    public AvroColumns? Items { get; }

    /// <summary>The column as it is written in JSON, for values that have no shorter way here.</summary>
    public DebeziumColumns AsJson { get; }

    /// <summary>What stands for a value that is not known.</summary>
    public byte[] Absent { get; }

    /// <summary>What stands for a value that did not change.</summary>
    public byte[] Unchanged { get; }

    private byte[] Encoded(ReadOnlySpan<byte> json)
    {
        using var buffer = new ByteBuffer();
        AvroFromJson.Append(buffer, Schema, json);
        return buffer.Written.ToArray();
    }
}
