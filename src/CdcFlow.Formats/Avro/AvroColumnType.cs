using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Types;

namespace CdcFlow.Formats.Avro;

/// <summary>What a column is in Avro records.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Form">How its values are written; an array's: its items'.</param>
/// <param name="IsNotFiniteNull">Whether null stands for a number that is not finite.</param>
internal sealed record AvroColumnType(AvroSchema Schema, ValueForm Form, bool IsNotFiniteNull = false)
{
    /// <summary>The same, taking null.</summary>
    public AvroColumnType OrNull() => this with { Schema = Schema with { IsNullable = true } };

    /// <summary>A column of Debezium's records.</summary>
    public static AvroColumnType Of(DebeziumType type)
    {
        var schema = AvroFromConnect.Of(type.Schema);
        return new AvroColumnType(schema with { Scale = type.Scale, Items = schema.Items is { } items ? items with { Scale = type.Scale } : null }, type.Form, type.IsNotFiniteNull);
    }
}
