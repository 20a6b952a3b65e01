using System.Buffers.Binary;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Kafka.SchemaRegistry;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Tests.Conformance;
using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.SchemaRegistry;

/// <summary>The sink with a registry, on the model of Kafka.</summary>
public sealed class SinkTests : IDisposable
{
    private readonly FakeRegistry registry = new();
    private readonly InMemoryKafka kafka = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData(RecordFormat.Avro)]
    [InlineData(RecordFormat.DebeziumAvro)]
    public async Task Readers_decode_records_by_the_schema_whose_id_they_have(RecordFormat format)
    {
        await using var sink = Connect(format, out var writer);
        await sink.OpenAsync(Open, Cancellation);
        await DeliverAsync(sink, writer, Change<Account>.Insert(new Account(7, "Ada", 1m, null), Metadata), Change<Account>.DeleteByKey(new Account(7, "", 0, null), Metadata));

        var records = kafka.Peek(new KafkaPartition("accounts", 0), committedOnly: true).ToList();
        Assert.Equal(["c", "d", null], records.Select(record => Decoded("accounts-value", record.Message.Value)?["op"]?.GetValue<string>()));
        Assert.All(records, record => Assert.Equal("""{"id":7}""", Decoded("accounts-key", record.Message.Key)!.ToJsonString()));
        Assert.All(records, record => Assert.DoesNotContain(record.Message.Headers, header => header.Name == "content-type"));
    }

    [Fact]
    public async Task Change_that_the_subject_refuses_stops_the_start_before_anything_is_written()
    {
        registry.Instead = request => request.RequestUri!.AbsolutePath.EndsWith("/versions", StringComparison.Ordinal) ? FakeRegistry.Error(409, 409, "incompatible") : null;
        await using var sink = Connect(RecordFormat.Avro, out _);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await sink.OpenAsync(Open, Cancellation));
        Assert.Equal("CDCF5264", error.Code);
        Assert.Null(kafka.DescribeTopic("accounts"));
        Assert.Null(kafka.DescribeTopic("cdcflow.conformance.bus"));
    }

    [Fact]
    public async Task Preflight_finds_it_too_and_registers_nothing()
    {
        await using var sink = Connect(RecordFormat.Json, out _);
        var fresh = Assert.Single((await sink.PreflightAsync(Cancellation)).Checks, check => check.Name == "schemas");
        Assert.Equal(PreflightStatus.Passed, fresh.Status);
        Assert.Empty(registry.Subjects);

        registry.Instead = _ => FakeRegistry.Error(401, 40101, "no");
        var refused = Assert.Single((await sink.PreflightAsync(Cancellation)).Checks, check => check.Name == "schemas");
        Assert.Equal((PreflightStatus.Failed, "CDCF5263"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Topics_of_a_template_get_their_schemas_before_their_first_record()
    {
        await using var sink = Connect(RecordFormat.Json, out var writer, attribute => attribute.Topic = "{schema}.{table}");
        await sink.OpenAsync(Open, Cancellation);
        Assert.Empty(registry.Subjects);
        await DeliverAsync(sink, writer, Change<Account>.Insert(new Account(7, "Ada", 1m, null), Metadata));
        Assert.Equal(["public.accounts-value", "public.accounts-key"], registry.Subjects);
        var record = Assert.Single(kafka.Peek(new KafkaPartition("public.accounts", 0), committedOnly: true));
        Assert.Equal(registry.IdOf("public.accounts-value"), BinaryPrimitives.ReadInt32BigEndian(record.Message.Value.AsSpan(1)));
    }

    [Fact, Trait("WayOut", "CDCF5270")]
    public async Task Topics_of_a_template_that_are_too_many_give_way_to_one_topic()
    {
        Change<Account>[] changes = [.. Enumerable.Range(0, 1001).Select(number => Change<Account>.Insert(
            new Account(number, "Ada", 1m, null), new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", $"accounts{number}")), new SourceTransaction(1)), 0, 0)))];
        for (var start = 1; start <= 2; start++)
        {
            await using var sink = Connect(RecordFormat.Json, out var writer, attribute => attribute.Topic = "{table}");
            await sink.OpenAsync(Open, Cancellation);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => DeliverAsync(sink, writer, changes));
            Assert.Equal("CDCF5270", error.Code);
            Assert.Contains("Set a Topic with fewer values of its placeholders", error.Fix, StringComparison.Ordinal);
        }

        await using var next = Connect(RecordFormat.Json, out var fixedWriter, attribute => attribute.Topic = "accounts");
        await next.OpenAsync(Open, Cancellation);
        await DeliverAsync(next, fixedWriter, changes);
        Assert.Equal(1001, kafka.Peek(new KafkaPartition("accounts", 0), committedOnly: true).Count);
    }

    [Fact]
    public void Format_and_registry_have_to_go_together()
    {
        Assert.Equal("CDCF5269", Refused(attribute => attribute.SchemaRegistry = null));
        Assert.Equal("CDCF5269", Refused(attribute => attribute.Format = RecordFormat.CloudEvents));
        Assert.Equal("CDCF5269", Refused(attribute => (attribute.Format, attribute.Schemas) = (RecordFormat.DebeziumJson, true)));
        Assert.Equal("CDCF5266", Refused(attribute => attribute.SchemaRegistry = "unknown"));

        string Refused(Action<KafkaSinkAttribute> configure) =>
            Assert.Throws<CdcFlowException>(() => Connect(RecordFormat.Avro, out _, configure)).Code;
    }

    private static SinkOpenContext Open { get; } = new(SinkConformance.Pipeline, new Epoch(1), Delivery.ExactlyOnce, SinkConformance.Store);

    private static ChangeMetadata Metadata { get; } =
        new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")) { Connector = "postgresql", Database = "shop" }, new SourceTransaction(1)), 0, 0);

    private KafkaSinkConnection Connect(RecordFormat format, out ISinkWriter<Account> writer, Action<KafkaSinkAttribute>? configure = null)
    {
        var attribute = new KafkaSinkAttribute("bus") { Topic = "accounts", Format = format, SchemaRegistry = "registry", CreateTopic = true, Partitions = 1 };
        configure?.Invoke(attribute);
        var context = KafkaSinkTarget.Context();
        var sink = new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(attribute, context), new ModelCluster(kafka, TimeProvider.System), "here")
        {
            Registries = new SchemaRegistries(
                name => name == "registry" ? "http://registry:8081" : null, _ => new HttpClient(registry, disposeHandler: false)),
        };
        writer = sink.AddWriter<Account, AccountCodec>(attribute, "accounts", ConnectorSettings.None);
        return sink;
    }

    private static async Task DeliverAsync(KafkaSinkConnection sink, ISinkWriter<Account> writer, params Change<Account>[] changes)
    {
        var batch = new ChangeBatch<Account>();
        foreach (var change in changes)
        {
            batch.Add(change);
        }

        await writer.WriteAsync(batch, Cancellation);
        batch.Release();
        var checkpoint = new CheckpointRef(new Epoch(1), new CheckpointId(1));
        await sink.CommitAsync(SinkConformance.Permit(checkpoint, await sink.PrepareAsync(checkpoint, Cancellation)), Cancellation);
    }

    private System.Text.Json.Nodes.JsonNode? Decoded(string subject, byte[]? framed)
    {
        if (framed is null)
        {
            return null;
        }

        Assert.Equal(0, framed[0]);
        Assert.Equal(registry.IdOf(subject), BinaryPrimitives.ReadInt32BigEndian(framed.AsSpan(1)));
        return AvroReader.Decode(registry.SchemaOf(subject), framed.AsSpan(5));
    }
}
