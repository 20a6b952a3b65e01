using System.Buffers.Binary;
using System.Text.Json.Nodes;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Broker.Tests.SchemaRegistry;

/// <summary>The sink from row to reader: a real broker and a real registry; a reader that knows nothing but the frame's id decodes.</summary>
public sealed class SinkTests(SharedBroker broker)
{
    private static readonly EveryType row = new(
        2, true, short.MinValue, int.MaxValue, long.MaxValue, 0.5f, 0.25, 1.50m, "Grüße 😀", Guid.AllBitsSet, new DateTime(2026, 1, 1), DateTimeOffset.UnixEpoch,
        new DateOnly(1970, 1, 2), new TimeOnly(0, 0, 1), TimeSpan.FromHours(-1), [0, 255], ["a"], [1, -2]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RecordFormat.Avro)]
    [InlineData(RecordFormat.DebeziumAvro)]
    [InlineData(RecordFormat.Json)]
    [InlineData(RecordFormat.DebeziumJson)]
    public async Task Row_of_every_type_is_decoded_by_the_registered_schema(RecordFormat format)
    {
        var registry = await RealRegistry.ConnectionStringAsync();
        var connectionString = (await broker.StartAsync()).ConnectionString;
        var topic = $"t-{Guid.NewGuid():n}";
        await DeliverAsync<EveryType, EveryTypeCodec>(connectionString, registry, topic, format, Change<EveryType>.Insert(row, Metadata));

        var (key, value) = Assert.Single(await RecordsAsync(connectionString, topic));
        Assert.Equal(2, (await DecodedAsync(key, format))["id"]!.GetValue<long>());
        var decoded = await DecodedAsync(value, format);
        var image = format is RecordFormat.DebeziumAvro or RecordFormat.DebeziumJson ? decoded["after"]! : decoded;
        Assert.Equal("c", decoded["op"]!.GetValue<string>());
        Assert.Equal("Grüße 😀", image["string_value"]!.GetValue<string>());
        Assert.Equal("[1,-2]", image["numbers"]!.ToJsonString());
        Assert.Equal("AP8=", image["bytes_value"]!.GetValue<string>());
    }

    [Fact]
    public async Task Change_of_the_row_type_that_the_subject_refuses_stops_the_start_and_nothing_is_written()
    {
        var registry = await RealRegistry.ConnectionStringAsync();
        var connectionString = (await broker.StartAsync()).ConnectionString;
        var topic = $"t-{Guid.NewGuid():n}";
        var metadata = Metadata;
        await DeliverAsync<Account, AccountCodec>(connectionString, registry, topic, RecordFormat.DebeziumAvro, Change<Account>.Insert(new Account(1, "Ada", 1m, null), metadata));
        await RealRegistry.RequireAsync($"{topic}-value", "BACKWARD");

        // As if the columns of the row type had been replaced by required ones.
        var error = await Assert.ThrowsAsync<CdcFlowException>(
            () => DeliverAsync<Place, PlaceCodec>(connectionString, registry, topic, RecordFormat.DebeziumAvro, Change<Place>.Insert(new Place("a", 1, "b"), metadata)));
        Assert.Equal("CDCF5264", error.Code);
        Assert.Contains("BACKWARD", error.Happened, StringComparison.Ordinal);
        Assert.Single(await RecordsAsync(connectionString, topic));
    }

    private static ChangeMetadata Metadata { get; } =
        new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "t")) { Connector = "postgresql", Database = "shop" }, new SourceTransaction(1)), 0, 0);

    private static async Task DeliverAsync<T, TCodec>(string connectionString, string registry, string topic, RecordFormat format, Change<T> change)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var context = new ConnectorContext(topic, "bus", connectionString, ConnectorSettings.None, TimeProvider.System, null!, null!)
        {
            OtherConnectionString = name => name == "registry" ? registry : null,
        };
        var attribute = new KafkaSinkAttribute("bus")
        {
            Topic = topic,
            Format = format,
            SchemaRegistry = "registry",
            CreateTopic = true,
            Partitions = 1,
            TransactionTimeoutSeconds = 30,
        };
        await using var sink = (KafkaSinkConnection)attribute.CreateConnection(context);
        var writer = sink.AddWriter<T, TCodec>(attribute, "out", ConnectorSettings.None);
        await sink.OpenAsync(new SinkOpenContext(topic, new Epoch(1), Delivery.ExactlyOnce, SinkConformance.Store), Cancellation);
        var batch = new ChangeBatch<T>();
        batch.Add(change);
        await writer.WriteAsync(batch, Cancellation);
        batch.Release();
        var checkpoint = new CheckpointRef(new Epoch(1), new CheckpointId(1));
        await sink.CommitAsync(SinkConformance.Permit(checkpoint, await sink.PrepareAsync(checkpoint, Cancellation)), Cancellation);
    }

    private static async Task<List<(byte[] Key, byte[] Value)>> RecordsAsync(string connectionString, string topic)
    {
        await using var cluster = TestCluster.Connect(connectionString);
        List<(byte[] Key, byte[] Value)> records = [];
        var end = await cluster.HighWatermarkAsync(topic, 0, Cancellation);
        await cluster.ReadAsync(
            new PartitionRange(topic, 0, 0, end), Isolation.ReadCommitted,
            (in FetchedRecord record) => records.Add((record.Key.ToArray(), record.Value.ToArray())), Cancellation);
        return records;
    }

    private static async Task<JsonNode> DecodedAsync(byte[] framed, RecordFormat format)
    {
        Assert.Equal(0, framed[0]);
        var schema = await RealRegistry.SchemaAsync(BinaryPrimitives.ReadInt32BigEndian(framed.AsSpan(1)));
        return (format is RecordFormat.Avro or RecordFormat.DebeziumAvro ? AvroReader.Decode(schema, framed.AsSpan(5)) : JsonNode.Parse(framed.AsSpan(5)))!;
    }
}
