using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>Texts that are cut where a record is too large for its topic.</summary>
public sealed class TruncationTests(SharedBroker broker)
{
    private static readonly string note = string.Concat(Enumerable.Repeat("añ😀", 5_000)); // 7 bytes each

    [Fact]
    public async Task Record_that_is_too_large_is_cut_to_what_its_topic_takes_and_says_so()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1, attribute => attribute.TruncateColumns = "Note");
        await first.WriteAsync(BrokerRig.Insert(1, "short"), BrokerRig.Insert(2, note), BrokerRig.Insert(3));
        await first.CheckpointAsync(1);
        Assert.Equal([1, 2, 3], await rig.CommittedAsync());

        var records = await rig.RecordsAsync(rig.Topic);
        Assert.Equal("short", Note(records[0].Value));
        Assert.DoesNotContain("cdc-truncated", records[0].Headers.Keys);
        Assert.Equal(("""{"id":2}""", """{"note":35000}"""), (records[1].Key, records[1].Headers["cdc-truncated"]));
        Assert.DoesNotContain("cdc-truncated-before", records[1].Headers.Keys);
        var kept = Note(records[1].Value);
        Assert.StartsWith(kept, note, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(kept[^1]));
        Assert.InRange(Encoding.UTF8.GetByteCount(records[1].Value), BrokerRig.RecordBytesMax - 1_000, BrokerRig.RecordBytesMax);
        Assert.Equal(JsonValueKind.Null, JsonElement.Parse(records[2].Value).GetProperty("note").ValueKind);
    }

    [Fact]
    public async Task What_is_cut_or_claimed_is_counted_once_it_is_sent()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var folder = Directory.CreateTempSubdirectory("cdcflow-claims-").FullName;
        Dictionary<string, long> counts = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "CdcFlow" && instrument.Name is "cdcflow.sink.claims" or "cdcflow.sink.truncations")
                {
                    listener.EnableMeasurementEvents(instrument, state: null);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            lock (counts)
            {
                var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}";
                counts[key] = counts.GetValueOrDefault(key) + count;
            }
        });
        listener.Start();
        var cutting = await rig.StartAsync(1, attribute => (attribute.TruncateColumns, attribute.ClaimCheck) = ("Note", folder), sink: "cutting");
        await cutting.WriteAsync(BrokerRig.Insert(1, note), BrokerRig.Insert(2, note), BrokerRig.Insert(3));
        await cutting.CheckpointAsync(1);
        var claiming = await rig.StartAsync(2, attribute => attribute.ClaimCheck = folder, sink: "claiming");
        await claiming.WriteAsync(BrokerRig.Insert(4, note));
        await claiming.CheckpointAsync(2);
        Directory.Delete(folder, recursive: true);
        lock (counts)
        {
            Assert.Equal(2, counts["cdcflow.sink.truncations pipeline=conformance sink=cutting"]);
            Assert.Equal(1, counts["cdcflow.sink.claims pipeline=conformance sink=claiming"]);
        }
    }

    private static string Note(string value) => JsonElement.Parse(value).GetProperty("note").GetString()!;
}
