using System.Text.Json;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Avro;

/// <summary>Arbitrary rows, decoded by the schema that would be registered.</summary>
public sealed class AvroPropertyTests
{
    private static readonly Frozen clock = new();

    [Theory]
    [InlineData(DebeziumShape.Debezium3)]
    [InlineData(DebeziumShape.Debezium19)]
    public void Envelopes_say_what_debeziums_json_says(DebeziumShape shape)
    {
        var options = new RecordOptions { Clock = clock, Debezium = new DebeziumOptions { Shape = shape, TransactionMetadata = true } };
        Run(options with { Format = RecordFormat.DebeziumAvro }, (change, record) =>
        {
            var json = JsonElement.Parse(Records.Written.Value<EveryType, EveryTypeCodec>(options, change));
            Assert.True(AvroAndJson.AreSame(json, record), $"{json}\n{record}");
        });
    }

    [Fact]
    public void Flat_records_have_the_rows_values() => Run(new RecordOptions { Format = RecordFormat.Avro }, (change, record) =>
    {
        Assert.Equal(change.Row.Id, record.GetProperty("id").GetInt64());
        if (change.After is { Int64Value: { } number } && change.IsAvailable(nameof(EveryType.Int64Value)))
        {
            Assert.Equal(number, record.GetProperty("int64_value").GetInt64());
        }

        if (change.After is { DateTimeValue: { } time } && change.IsAvailable(nameof(EveryType.DateTimeValue)))
        {
            Assert.Equal((time - DateTime.UnixEpoch).Ticks / 10, record.GetProperty("date_time_value").GetInt64());
        }

        if (change.After is { StringValue: { } text } && change.IsAvailable(nameof(EveryType.StringValue)))
        {
            Assert.Equal(text, record.GetProperty("string_value").GetString());
        }
    });

    private static void Run(RecordOptions options, Action<Change<EveryType>, JsonElement> check)
    {
        var random = new Random(7);
        var decoded = 0;
        for (var round = 0; round < 1000; round++)
        {
            var change = EveryTypes.Change(random);
            try
            {
                check(change, JsonElement.Parse(AvroRecords.Decoded<EveryType, EveryTypeCodec>(options, change).Value.ToJsonString()));
                decoded++;
            }
            catch (CdcFlowException error) when (error.Code == FormatErrors.InvalidText)
            {
                Assert.Contains(Texts(change.Before).Concat(Texts(change.After)), text => !Arbitrary.IsUnicode(text));
            }
        }

        Assert.True(decoded > 50, $"{decoded} rows could be encoded");
    }

    private static IEnumerable<string> Texts(EveryType? row) => row is null ? [] : [.. row.Texts ?? [], row.StringValue ?? ""];

    private sealed class Frozen : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
