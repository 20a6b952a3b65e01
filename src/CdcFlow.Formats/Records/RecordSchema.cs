namespace CdcFlow.Formats.Records;

/// <summary>In what language a schema is written.</summary>
public enum SchemaLanguage
{
    /// <summary>An Avro schema (1.11), as JSON.</summary>
    Avro,

    /// <summary>A JSON Schema, draft 7.</summary>
    Json,
}

/// <summary>What a schema registry keeps about records: the schema of their keys or values.</summary>
/// <param name="Language">What <paramref name="Text"/> is written in.</param>
/// <param name="Name">The full name of the record, as in <c>orders.v1.Value</c>.</param>
/// <param name="Text">The schema; the same text for the same row type, options and topic, in every process.</param>
public sealed record RecordSchema(SchemaLanguage Language, string Name, string Text);

/// <summary>The schemas of a topic's records.</summary>
/// <param name="Key">That of keys; null where records have none.</param>
/// <param name="Value">That of values.</param>
public sealed record RecordSchemaPair(RecordSchema? Key, RecordSchema Value);
