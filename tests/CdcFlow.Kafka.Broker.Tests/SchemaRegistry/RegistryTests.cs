using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Broker.Tests.SchemaRegistry;

/// <summary>The client and our schemas at a real registry, whose own parsers read them.</summary>
public sealed class RegistryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<RecordFormat> Formats => [RecordFormat.Avro, RecordFormat.DebeziumAvro, RecordFormat.Json, RecordFormat.DebeziumJson];

    [Theory, MemberData(nameof(Formats))]
    public async Task Schema_of_every_type_is_registered_found_again_and_read_back(RecordFormat format)
    {
        using var registry = await RealRegistry.ConnectAsync();
        var topic = Topic();
        var (key, value) = RealRegistry.Schemas<EveryType, EveryTypeCodec>(format, topic);
        Assert.Null(await registry.FindAsync($"{topic}-value", value, Cancellation));
        var id = await registry.RegisterAsync($"{topic}-value", value, Cancellation);
        Assert.Equal(id, await registry.RegisterAsync($"{topic}-value", value, Cancellation));
        Assert.Equal(id, await registry.FindAsync($"{topic}-value", value, Cancellation));
        Assert.Equal(1, await RealRegistry.VersionsAsync($"{topic}-value"));
        Assert.Equal(value.Text, await RealRegistry.SchemaAsync(id));
        await registry.RegisterAsync($"{topic}-key", key!, Cancellation);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task Change_that_a_subjects_rule_refuses_names_it_and_is_not_registered(RecordFormat format)
    {
        using var registry = await RealRegistry.ConnectAsync();
        var topic = Topic();
        var subject = $"{topic}-value";
        await registry.RegisterAsync(subject, RealRegistry.Schemas<Account, AccountCodec>(format, topic).Value, Cancellation);
        await RealRegistry.RequireAsync(subject, "FULL");
        var other = new RecordSchema(
            format is RecordFormat.Json or RecordFormat.DebeziumJson ? SchemaLanguage.Json : SchemaLanguage.Avro, "other",
            format is RecordFormat.Json or RecordFormat.DebeziumJson
                ? """{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"op":{"type":"integer"}},"required":["op"],"additionalProperties":false}"""
                : """{"type":"record","name":"Value","namespace":"other","fields":[{"name":"op","type":"int"}]}""");

        var refused = await Assert.ThrowsAsync<CdcFlowException>(async () => await registry.RequireCompatibleAsync(subject, other, Cancellation));
        Assert.Equal("CDCF5264", refused.Code);
        refused = await Assert.ThrowsAsync<CdcFlowException>(async () => await registry.RegisterAsync(subject, other, Cancellation));
        Assert.Equal("CDCF5264", refused.Code);
        Assert.Contains($"'{subject}' has changed and is not FULL compatible", refused.Happened, StringComparison.Ordinal);
        Assert.Equal(1, await RealRegistry.VersionsAsync(subject));
    }

    [Fact]
    public async Task First_schema_of_a_subject_is_compatible_with_anything()
    {
        using var registry = await RealRegistry.ConnectAsync();
        var topic = Topic();
        await registry.RequireCompatibleAsync($"{topic}-value", RealRegistry.Schemas<Account, AccountCodec>(RecordFormat.Avro, topic).Value, Cancellation);
    }

    [Fact]
    public async Task What_is_no_schema_is_refused_with_the_registrys_words()
    {
        using var registry = await RealRegistry.ConnectAsync();
        var error = await Assert.ThrowsAsync<CdcFlowException>(
            async () => await registry.RegisterAsync(Topic(), new RecordSchema(SchemaLanguage.Avro, "x", """{"type":"rec"""), Cancellation));
        Assert.Equal("CDCF5265", error.Code);
    }

    private static string Topic() => $"t-{Guid.NewGuid():n}";
}
