namespace CdcFlow.Formats.Records;

/// <summary>What a record's key and value look like; <c>docs/reference/record-formats.md</c> shows each.</summary>
public enum RecordFormat
{
    /// <summary>Debezium's envelope in JSON: <c>before</c>, <c>after</c>, <c>source</c>, <c>op</c> and times.</summary>
    DebeziumJson,

    /// <summary>One flat object per change, as the file sink's lines.</summary>
    Json,

    /// <summary>The flat object inside a CloudEvents 1.0 envelope (structured mode).</summary>
    CloudEvents,

    /// <summary>One flat Avro record per change, with what <see cref="Json"/> has. Needs a schema registry.</summary>
    Avro,

    /// <summary>Debezium's envelope in Avro. Needs a schema registry.</summary>
    DebeziumAvro,
}
