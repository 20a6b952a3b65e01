using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Tests;

/// <summary>Values of entities in every format: JSON is JSON, not a text of it; times in UTC say so; labels are those of the enum's members.</summary>
public sealed class EntityTests
{
    private static readonly Entity row = new()
    {
        Id = 7,
        Document = JsonElement.Parse("""{"b":1,"a":[1,2.50,null],"b":"x\ny"}"""),
        Settings = JsonDocument.Parse("[true]"),
        Extra = JsonNode.Parse("""{"n":1.50}"""),
        Flags = new BitArray(new[] { true, false, true, true, false }),
        Tags = ["a", null],
        Embedding = new[] { 1f, 2.5f },
        At = new DateTime(2026, 3, 29, 1, 30, 0, 500, DateTimeKind.Utc),
        ZonedAt = new DateTime(2026, 3, 29, 1, 30, 0, DateTimeKind.Utc),
        Mood = Mood.Happy,
    };

    private const string Columns =
        """
        "id":7,"document":{"b":1,"a":[1,2.50,null],"b":"x\ny"},"settings":[true],"extra":{"n":1.50},"flags":"10110","tags":["a",null],"embedding":[1,2.5],"at":"2026-03-29T01:30:00.5Z","zoned_at":"2026-03-29T01:30:00Z","mood":"over the moon"
        """;

    [Fact]
    public void Json_lines_and_json_records_have_json_inside()
    {
        Assert.StartsWith($$"""{"op":"c",{{Columns}},"_cdc":""", EntityPipeline.Json(row), StringComparison.Ordinal);
        Assert.StartsWith($$"""{"op":"c",{{Columns}},"_cdc":""", EntityPipeline.Record(row, new RecordOptions { Format = RecordFormat.Json }), StringComparison.Ordinal);
        Assert.Contains($$""""
            "data":{"op":"c",{{Columns}},"_cdc":
            """", EntityPipeline.Record(row, new RecordOptions { Format = RecordFormat.CloudEvents }), StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_has_json_as_one_field() => Assert.Contains(
        """"
        c,7,"{""b"":1,""a"":[1,2.50,null],""b"":""x\ny""}",[true],"{""n"":1.50}",10110,"[""a"",null]","[1,2.5]",2026-03-29T01:30:00.5Z,2026-03-29T01:30:00Z,over the moon,
        """", EntityPipeline.Csv(row), StringComparison.Ordinal);

    [Fact]
    public void Debezium_has_its_semantic_types()
    {
        var record = JsonNode.Parse(EntityPipeline.Record(row, new RecordOptions { Format = RecordFormat.DebeziumJson, Debezium = new() { Schemas = true } }))!;
        var after = record["payload"]!["after"]!;
        Assert.Equal("""{"b":1,"a":[1,2.50,null],"b":"x\ny"}""", (string?)after["document"]);
        Assert.Equal(("[true]", """{"n":1.50}""", "Fg==", "over the moon"), ((string?)after["settings"], (string?)after["extra"], (string?)after["flags"], (string?)after["mood"]));
        Assert.Equal((1774747800500000, "2026-03-29T01:30:00Z"), ((long)after["at"]!, (string?)after["zoned_at"]));
        Assert.Equal("[\"a\",null][1.0,2.5]", after["tags"]!.ToJsonString() + after["embedding"]!.ToJsonString());

        var fields = record["schema"]!["fields"]!.AsArray().First(field => (string?)field!["field"] == "after")!["fields"]!.AsArray();
        Assert.Equal("io.debezium.data.Json", Name("document"));
        Assert.Equal("io.debezium.data.Bits", Name("flags"));
        Assert.Equal("io.debezium.time.ZonedTimestamp", Name("zoned_at"));
        Assert.Equal("Sad,over the moon", (string?)Field("mood")["parameters"]!["allowed"]);

        string? Name(string column) => (string?)Field(column)["name"];

        JsonNode Field(string column) => fields.First(field => (string?)field!["field"] == column)!;
    }

    [Fact]
    public void Avro_has_json_and_bits_as_text()
    {
        var value = EntityPipeline.Avro(row);
        Assert.Equal("""{"b":1,"a":[1,2.50,null],"b":"x\ny"}""", (string?)value["document"]);
        Assert.Equal(("[true]", """{"n":1.50}""", "10110", "over the moon"), ((string?)value["settings"], (string?)value["extra"], (string?)value["flags"], (string?)value["mood"]));
        Assert.Equal((1774747800500000, 1774747800000000), ((long)value["at"]!, (long)value["zoned_at"]!));
    }

    [Fact]
    public void Time_of_any_kind_reads_back_as_the_same()
    {
        foreach (var kind in Enum.GetValues<DateTimeKind>())
        {
            var at = DateTime.SpecifyKind(new DateTime(2026, 1, 2, 3, 4, 5), kind);
            var text = (string)JsonNode.Parse(EntityPipeline.Json(new Entity { Document = JsonElement.Parse("1"), At = at }))!["at"]!;
            var read = DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind);
            Assert.Equal(at, read);
            Assert.Equal(kind == DateTimeKind.Utc ? DateTimeKind.Utc : DateTimeKind.Unspecified, read.Kind);
        }
    }

    [Fact]
    public void Json_that_nobody_set_is_refused()
    {
        foreach (var encode in new Func<Entity, object>[]
        {
            EntityPipeline.Json, EntityPipeline.Csv, EntityPipeline.Avro, each => EntityPipeline.Record(each, new RecordOptions { Format = RecordFormat.DebeziumJson }),
        })
        {
            Assert.Equal("CDCF2104", Assert.Throws<CdcFlowException>(() => encode(new Entity())).Code);
        }
    }
}
