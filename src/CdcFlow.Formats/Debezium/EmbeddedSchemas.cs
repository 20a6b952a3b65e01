using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Envelope;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Debezium;

/// <summary>What stands around keys and values that carry their schemas: encoded once for each table.</summary>
internal sealed class EmbeddedSchemas(RecordOptions options, DebeziumColumns columns) : IDisposable
{
    private readonly ByteBuffer beforeKey = new(256);
    private readonly ByteBuffer beforeValue = new(1024);
    private ChangeOrigin? described;

    /// <summary>From a key's begin to its payload.</summary>
    public ReadOnlySpan<byte> BeforeKey(ChangeOrigin origin)
    {
        TurnTo(origin);
        return beforeKey.Written;
    }

    /// <summary>From a value's begin to its payload.</summary>
    public ReadOnlySpan<byte> BeforeValue(ChangeOrigin origin)
    {
        TurnTo(origin);
        return beforeValue.Written;
    }

    public void Dispose()
    {
        beforeKey.Dispose();
        beforeValue.Dispose();
    }

    private void TurnTo(ChangeOrigin origin)
    {
        if (described is null || (!ReferenceEquals(described, origin) && !SourceFacts.AreOfOneTable(described, origin)))
        {
            var prefix = DebeziumSchemas.Prefix(options, origin);
            Encode(beforeKey, DebeziumSchemas.Key(columns, prefix));
            Encode(beforeValue, DebeziumSchemas.Value(columns, options.Debezium.Shape, prefix, origin.Table.Connector));
        }

        described = origin;
    }

    private static void Encode(ByteBuffer part, ConnectSchema schema)
    {
        part.Clear();
        part.Append("{\"schema\":"u8);
        ConnectSchemaJson.Append(part, schema);
        part.Append(",\"payload\":"u8);
    }
}
