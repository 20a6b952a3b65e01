using System.Collections;
using System.Text.Json;
using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Rows;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>The generated codec of <see cref="ShelvesPipeline"/>: what a connector sees of a property, and what the property gets.</summary>
public sealed class ValueShapeTests
{
    private static readonly Codec.ICalls<Shelf> shelves = Codec.Of<ShelvesPipeline, Shelf>("ShelfCodec");

    private static object?[] Values =>
    [
        7L, new[] { "a", "b" }, new string?[] { "x", null }, new int?[] { 1, null }, JsonElement.Parse("""{"a":1.50}"""), JsonElement.Parse("[1, 2]"),
        JsonElement.Parse("""{"b":[true]}"""), new[] { 1f, 2.5f }, new[] { 3f }, new BitArray(new[] { false, true, true }), "half-ripe",
        new Dictionary<string, string> { ["k"] = "v" }, 3, "o1",
    ];

    [Fact]
    public void Columns_have_types_that_connectors_know()
    {
        var columns = Codec.Schema<ShelvesPipeline>("ShelfCodec").Columns;
        Assert.Equal(
            ["Id", "Tags", "Notes", "Sizes", "Settings", "Draft", "Extra", "Embedding", "OldEmbedding", "Flags", "Ripeness", "Labels", "WarehouseNumber", "OwnerCode"],
            columns.Select(column => column.Name));
        Assert.Equal(
            [
                typeof(long), typeof(string[]), typeof(string[]), typeof(int?[]), typeof(JsonElement), typeof(JsonElement), typeof(JsonElement), typeof(float[]), typeof(float[]),
                typeof(BitArray), typeof(Ripeness), typeof(Dictionary<string, string>), typeof(int), typeof(string),
            ],
            columns.Select(column => column.ClrType));
        Assert.Equal(
            [new("Unknown", "Unknown", 0), new("HalfRipe", "half-ripe", 1), new("Ripe", "RIPE", 2), new EnumValue("Overripe", "ripe", 3)], columns[10].EnumValues);
    }

    [Fact]
    public void Row_that_is_read_and_written_again_is_the_same()
    {
        var row = shelves.Read(new FakeRow(Values));
        Assert.Equal(["a", "b"], row.Tags);
        Assert.Equal(["x", null], row.Notes);
        Assert.Equal([1, null], row.Sizes);
        Assert.Equal(2, row.Draft!.RootElement[1].GetInt32());
        Assert.True((bool)row.Extra!["b"]![0]!);
        Assert.Equal([1f, 2.5f], row.Embedding.ToArray());
        Assert.Equal([3f], row.OldEmbedding!.Value.ToArray());
        Assert.Equal(Ripeness.HalfRipe, row.Ripeness);

        var written = shelves.Write(row);
        Assert.Equal(
            ["""{"a":1.50}""", "[1, 2]", """{"b":[true]}"""], written[4..7].Select(json => ((JsonElement)json!).GetRawText()));
        Assert.Equal("011", written[9]);
        foreach (var other in new[] { 4, 5, 6, 9 })
        {
            written[other] = Values[other] = null;
        }

        Assert.Equal([.. Values.Select((value, index) => index is 4 or 5 or 6 or 9 ? null : value)], written);
    }

    [Fact]
    public void Nulls_stay_nulls()
    {
        object?[] values = Values;
        foreach (var column in new[] { 3, 5, 6, 8, 9, 11, 13 })
        {
            values[column] = null;
        }

        var row = shelves.Read(new FakeRow(values));
        Assert.Equal((null, null, null, null, null), (row.Sizes, row.Draft, row.Extra, row.OldEmbedding, row.Flags));
        Assert.All([3, 5, 6, 8, 9, 11, 13], column => Assert.Null(shelves.Write(row)[column]));
    }

    [Fact]
    public void Null_inside_a_list_that_takes_none_stops()
    {
        var values = Values;
        values[1] = new string?[] { null };
        Assert.Equal(ErrorCodes.NullColumn, Assert.Throws<CdcFlowException>(() => shelves.Read(new FakeRow(values))).Code);
    }

    [Fact]
    public void Json_null_is_no_null_of_the_server()
    {
        var values = Values;
        values[4] = values[5] = JsonElement.Parse("null");
        var row = shelves.Read(new FakeRow(values));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (row.Settings.ValueKind, row.Draft!.RootElement.ValueKind));
        Assert.Equal("null", ((JsonElement)shelves.Write(row)[5]!).GetRawText());

        values[6] = JsonElement.Parse("null");
        var error = Assert.Throws<CdcFlowException>(() => shelves.Read(new FakeRow(values)));
        Assert.Equal(ErrorCodes.JsonNull, error.Code);
        Assert.Contains("Shelf.Extra", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("half-ripe", Ripeness.HalfRipe)]
    [InlineData("halfripe", Ripeness.HalfRipe)]
    [InlineData("half_ripe", Ripeness.HalfRipe)]
    [InlineData("RIPE", Ripeness.Ripe)]
    [InlineData("ripe", Ripeness.Overripe)]
    [InlineData("unknown", Ripeness.Unknown)]
    public void Labels_are_read_as_they_are_written_and_names_in_any_case(string text, Ripeness ripeness)
    {
        var values = Values;
        values[10] = text;
        Assert.Equal(ripeness, shelves.Read(new FakeRow(values)).Ripeness);
    }

    [Theory]
    [InlineData("half_ripe", "half-ripe")]
    [InlineData("RIPE", "RIPE")]
    [InlineData("ripe", "ripe")]
    [InlineData("unknown", "Unknown")]
    public void Labels_are_written(string text, string written)
    {
        var values = Values;
        values[10] = text;
        Assert.Equal(written, shelves.Write(shelves.Read(new FakeRow(values)))[10]);
    }

    [Fact]
    public void Deep_json_is_read_and_written()
    {
        var values = Values;
        var deep = new string('[', 900) + new string(']', 900);
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(deep), new JsonReaderOptions { MaxDepth = 1000 });
        values[4] = values[5] = values[6] = JsonElement.ParseValue(ref reader);
        Assert.Equal([deep, deep, deep], shelves.Write(shelves.Read(new FakeRow(values)))[4..7].Select(json => ((JsonElement)json!).GetRawText()));
    }
}
