using CdcFlow.Formats.Avro;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Json.Schemas;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Records;

/// <summary>The schemas of records, for a registry. They depend on the row type, the options and the topic alone, so they are known before the first change.</summary>
public static class RecordSchemas
{
    /// <summary>Whether records of a format have schemas.</summary>
    public static bool Has(RecordFormat format) => format is RecordFormat.Json or RecordFormat.DebeziumJson or RecordFormat.Avro or RecordFormat.DebeziumAvro;

    /// <summary>Whether records of a format cannot be read without their schema.</summary>
    public static bool Needs(RecordFormat format) => format is RecordFormat.Avro or RecordFormat.DebeziumAvro;

    /// <summary>The schemas of the records that a row type's changes become.</summary>
    /// <param name="rows">The row type.</param>
    /// <param name="options">What the encoder is made with.</param>
    /// <param name="topic">The topic, after which schemas are named as Debezium names them: <c>orders.v1.Value</c>.</param>
    /// <exception cref="CdcFlowException">A column's name or type has no place in the format.</exception>
    public static RecordSchemaPair Of(RowSchema rows, RecordOptions options, string topic)
    {
        var prefix = AvroNames.FullNameOf(topic);
        var (key, value) = options.Format switch
        {
            RecordFormat.Json => (Json(FlatJsonSchemas.Key(rows, options, topic)), Json(FlatJsonSchemas.Value(rows, options, topic))),
            RecordFormat.Avro => (Avro(FlatAvroSchemas.Key(rows, options, prefix)), Avro(FlatAvroSchemas.Value(rows, options, prefix))),
            RecordFormat.DebeziumJson => Debezium(rows, options, topic, schema => Json(JsonSchemaFromConnect.Of(schema))),
            RecordFormat.DebeziumAvro => Debezium(rows, options, prefix, schema => Avro(AvroFromConnect.Of(schema))),
            _ => throw new NotSupportedException($"{options.Format} has no schemas."),
        };
        return new RecordSchemaPair(rows.KeyColumns.Count == 0 ? null : key, value);
    }

    private static (RecordSchema Key, RecordSchema Value) Debezium(
        RowSchema rows, RecordOptions options, string prefix, Func<Connect.ConnectSchema, RecordSchema> schemaOf)
    {
        var columns = new DebeziumColumns(rows, options.Naming, options.Debezium);
        return (schemaOf(DebeziumSchemas.Key(columns, prefix)), schemaOf(DebeziumSchemas.Value(columns, options.Debezium.Shape, prefix, DebeziumSchemas.RegisteredConnector)));
    }

    private static RecordSchema Avro(AvroSchema schema) => new(SchemaLanguage.Avro, schema.Name!, AvroSchemaJson.Of(schema));

    private static RecordSchema Json(JsonSchema schema) => new(SchemaLanguage.Json, schema.Title ?? schema.Connect!.Name!, JsonSchemaText.Of(schema));
}
