using CdcFlow.Formats;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.SchemaRegistry;
using CdcFlow.Kafka.Sink;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Tests.SchemaRegistry;

public sealed class TopicSchemasTests : IDisposable
{
    private readonly FakeRegistry registry = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task Topic_is_bound_once()
    {
        var schemas = Schemas();
        await schemas.BindAsync("accounts", Cancellation);
        await schemas.BindAsync("accounts", Cancellation);
        Assert.Equal(
            ["POST subjects/accounts-value", "POST subjects/accounts-value/versions", "POST subjects/accounts-key", "POST subjects/accounts-key/versions"], registry.Requests);
        schemas.TurnTo("accounts");
        Assert.Equal(new SchemaIds(registry.IdOf("accounts-key"), registry.IdOf("accounts-value")), schemas.Ids);
    }

    // confluentinc/schema-registry #3694, Apicurio/apicurio-registry #6665: a registry that is read-only, or a login that may only read, refuses to register also what is there.
    [Theory]
    [InlineData(422, 42205, "CDCF5268")]
    [InlineData(403, 40301, "CDCF5263")]
    public async Task Schema_that_is_there_is_found_where_registering_is_refused(int status, int code, string refused)
    {
        await Schemas().BindAsync("accounts", Cancellation);
        registry.Instead = request => request.RequestUri!.AbsolutePath.EndsWith("/versions", StringComparison.Ordinal) ? FakeRegistry.Error(status, code, "not now") : null;
        var restarted = Schemas();
        await restarted.BindAsync("accounts", Cancellation);
        restarted.TurnTo("accounts");
        Assert.Equal(new SchemaIds(registry.IdOf("accounts-key"), registry.IdOf("accounts-value")), restarted.Ids);
        Assert.Equal(refused, (await Assert.ThrowsAsync<CdcFlowException>(async () => await restarted.BindAsync("others", Cancellation))).Code);
    }

    [Theory]
    [InlineData(SubjectNameStrategy.TopicName, "bank.accounts-value", "bank.accounts-key")]
    [InlineData(SubjectNameStrategy.RecordName, "bank.accounts.Value", "bank.accounts.Key")]
    [InlineData(SubjectNameStrategy.TopicRecordName, "bank.accounts-bank.accounts.Value", "bank.accounts-bank.accounts.Key")]
    public async Task Subjects_are_named_by_the_strategy(SubjectNameStrategy strategy, string value, string key)
    {
        await Schemas(strategy).BindAsync("bank.accounts", Cancellation);
        Assert.Equal([value, key], registry.Subjects);
    }

    [Fact]
    public async Task Schema_that_must_be_there_and_is_not_is_not_registered()
    {
        var schemas = Schemas(autoRegister: false);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await schemas.BindAsync("accounts", Cancellation));
        Assert.Equal("CDCF5267", error.Code);
        Assert.Equal("CDCF5267", (await Assert.ThrowsAsync<CdcFlowException>(async () => await schemas.CheckAsync("accounts", Cancellation))).Code);
        Assert.Empty(registry.Subjects);

        await Schemas().BindAsync("accounts", Cancellation);
        await schemas.BindAsync("accounts", Cancellation);
        schemas.TurnTo("accounts");
        Assert.Equal(registry.IdOf("accounts-value"), schemas.Ids.Value);
    }

    [Fact]
    public async Task Check_tells_known_schemas_from_new_ones_and_registers_none()
    {
        Assert.Contains("'accounts-value' takes the schema as a new version", await Schemas().CheckAsync("accounts", Cancellation), StringComparison.Ordinal);
        Assert.Empty(registry.Subjects);
        await Schemas().BindAsync("accounts", Cancellation);
        Assert.Contains("'accounts-value' has the schema, id 1", await Schemas().CheckAsync("accounts", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_of_a_template_are_bounded()
    {
        var schemas = Schemas();
        for (var topic = 0; topic < 1000; topic++)
        {
            await schemas.BindAsync($"t{topic}", Cancellation);
        }

        Assert.Equal("CDCF5270", (await Assert.ThrowsAsync<CdcFlowException>(async () => await schemas.BindAsync("one-more", Cancellation))).Code);
    }

    [Fact]
    public async Task Frame_is_a_zero_byte_and_the_id_before_what_the_encoder_writes()
    {
        var options = new RecordOptions { Format = RecordFormat.Json };
        var schemas = Schemas();
        await schemas.BindAsync("accounts", Cancellation);
        schemas.TurnTo("accounts");
        using var framed = new FramedEncoder<Account>(RecordEncoders.Create<Account, AccountCodec>(options), schemas);
        using ByteBuffer key = new(16), value = new(16);
        var metadata = new ChangeMetadata(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")), new SourceTransaction(1)), 0, 0);

        framed.WriteKey(Change<Account>.Insert(new Account(7, "Ada", 1m, null), metadata), key);
        Assert.Equal([0, 0, 0, 0, 2, .. "{\"id\":7}"u8], key.Written.ToArray());
        framed.WriteValue(Change<Account>.Truncate(metadata), value);
        Assert.Equal([0, 0, 0, 0, 1, (byte)'{'], value.Written[..6].ToArray());

        key.Clear();
        framed.WriteKey(Change<Account>.Truncate(metadata), key);
        Assert.Equal(0, key.Length);
    }

    private TopicSchemas Schemas(SubjectNameStrategy strategy = SubjectNameStrategy.TopicName, bool autoRegister = true)
    {
        var settings = SchemaRegistryConnectionString.Parse("http://registry:8081");
        var client = new SchemaRegistryClient(settings, new HttpClient(registry, disposeHandler: false));
        var records = new RecordOptions { Format = RecordFormat.Avro };
        return new TopicSchemas("accounts", client, new SchemaOptions("registry", autoRegister, strategy), topic => RecordSchemas.Of(AccountCodec.Schema, records, topic));
    }
}
