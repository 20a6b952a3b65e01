using System.Text.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;

namespace CdcFlow.Golden.Tests;

/// <summary>Debezium's envelope in Avro, decoded by its registered schema, against the same in JSON, which is compared with a real Debezium's.</summary>
public sealed class AvroTests
{
    private static readonly Frozen clock = new();

    public static TheoryData<string> Options { get; } = [nameof(GoldenComparison.Defaults), nameof(GoldenComparison.Precise), nameof(GoldenComparison.FlinkCdc)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Avro_says_what_the_json_says(string name)
    {
        var options = (name switch
        {
            nameof(GoldenComparison.Precise) => GoldenComparison.Precise,
            nameof(GoldenComparison.FlinkCdc) => GoldenComparison.FlinkCdc,
            _ => GoldenComparison.Defaults,
        }) with
        { Clock = clock };
        var changes = GoldenRows.Make(1234.56m);
        var json = GoldenPipeline.Encode(changes, options);
        var avro = GoldenPipeline.Encode(changes, options with { Format = RecordFormat.DebeziumAvro });

        Assert.NotEmpty(json);
        Assert.Equal(json.Count, avro.Count);
        foreach (var (expected, actual) in json.Zip(avro))
        {
            AssertSame(expected.Key, actual.Key);
            AssertSame(expected.Value, actual.Value);
        }
    }

    private static void AssertSame(JsonElement? json, JsonElement? avro) =>
        Assert.True(json is null ? avro is null : avro is not null && AvroAndJson.AreSame(json.Value, avro.Value), $"{json}\n{avro}");

    private sealed class Frozen : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
