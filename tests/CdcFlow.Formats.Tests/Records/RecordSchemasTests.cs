using CdcFlow.Formats.Records;
using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Records;

public sealed class RecordSchemasTests
{
    private static readonly RowSchema orders = new(
        "Order", "orders", "public",
        new ColumnDescriptor("Id", "Id", typeof(int), false, true),
        new ColumnDescriptor("total", "Total", typeof(decimal), false, false, "numeric(10,2)"),
        new ColumnDescriptor("1st-note", "Note", typeof(string), true, false, IsNameExplicit: true),
        new ColumnDescriptor("Tags", "Tags", typeof(short[]), true, false),
        new ColumnDescriptor("Weight", "Weight", typeof(float), true, false));

    [Fact]
    public void Flat_avro()
    {
        var (key, value) = Of(RecordFormat.Avro);
        Assert.Equal("orders_x.v1.Key", key!.Name);
        Assert.Equal("""{"type":"record","name":"Key","namespace":"orders_x.v1","fields":[{"name":"id","type":"int"}]}""", key.Text);
        Assert.Equal(
            """
            {"type":"record","name":"Value","namespace":"orders_x.v1","fields":[{"name":"op","type":"string"},{"name":"id","type":["null","int"],"default":null},
            {"name":"total","type":["null",{"type":"bytes","scale":2,"precision":10,"logicalType":"decimal"}],"default":null},{"name":"_1st_note","type":["null","string"],"default":null},
            {"name":"tags","type":["null",{"type":"array","items":["null","int"]}],"default":null},{"name":"weight","type":["null","float"],"default":null},
            {"name":"_cdc","type":{"type":"record","name":"Metadata","namespace":"orders_x.v1","fields":[{"name":"source","type":"string"},{"name":"schema","type":"string"},
            {"name":"table","type":"string"},{"name":"transaction_id","type":["null","string"],"default":null},{"name":"committed_at","type":{"type":"long","logicalType":"timestamp-micros"}},
            {"name":"transaction","type":"string"},{"name":"event","type":"int"},{"name":"row","type":"int"},{"name":"unchanged","type":{"type":"array","items":"string"}},
            {"name":"not_carried","type":["null",{"type":"array","items":"string"}],"default":null}]}}]}
            """.ReplaceLineEndings(""),
            value.Text);
    }

    [Fact]
    public void Debezium_avro_tells_connects_meanings_and_names_a_repeated_record_only()
    {
        var (key, value) = Of(RecordFormat.DebeziumAvro);
        Assert.Equal(
            """{"type":"record","name":"Key","namespace":"orders_x.v1","fields":[{"name":"id","type":"int"}],"connect.name":"orders_x.v1.Key"}""", key!.Text);
        Assert.StartsWith(
            """
            {"type":"record","name":"Envelope","namespace":"orders_x.v1","fields":[{"name":"before","type":["null",{"type":"record","name":"Value","namespace":"orders_x.v1","fields":[{"name":"id","type":"int"},
            {"name":"total","type":{"type":"bytes","scale":2,"precision":10,"logicalType":"decimal","connect.version":1,"connect.parameters":{"scale":"2","connect.decimal.precision":"10"},"connect.name":"org.apache.kafka.connect.data.Decimal"}},
            {"name":"_1st_note","type":["null","string"],"default":null},
            {"name":"tags","type":["null",{"type":"array","items":["null",{"type":"int","connect.type":"int16"}]}],"default":null},{"name":"weight","type":["null","float"],"default":null}],
            "connect.name":"orders_x.v1.Value"}],"default":null},{"name":"after","type":["null","orders_x.v1.Value"],"default":null},
            """.ReplaceLineEndings(""),
            value.Text, StringComparison.Ordinal);
        Assert.Contains(
            """{"name":"snapshot","type":[{"type":"string","connect.version":1,"connect.parameters":{"allowed":"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"},"connect.default":"false","connect.name":"io.debezium.data.Enum"},"null"],"default":"false"}""",
            value.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            """{"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null},{"name":"ts_us","type":["null","long"],"default":null},{"name":"ts_ns","type":["null","long"],"default":null}],"connect.version":2,"connect.name":"orders_x.v1.Envelope"}""",
            value.Text, StringComparison.Ordinal);
    }

    // confluentinc/schema-registry #1381, confluentinc/ksql #9736: readers refused decimals whose scale was below zero or above their precision, or took them for bytes.
    [Theory]
    [InlineData("numeric(3,-2)", 5, 0)]
    [InlineData("numeric(2,5)", 5, 5)]
    [InlineData("numeric(5)", 5, 0)]
    [InlineData("decimal(4,4)", 4, 4)]
    public void Decimal_has_a_scale_that_avro_has(string type, int precision, int scale)
    {
        var rows = new RowSchema("Row", "rows", null, new ColumnDescriptor("N", "N", typeof(decimal), false, false, type));
        Assert.Contains(
            $$"""{"type":"bytes","scale":{{scale}},"precision":{{precision}},"logicalType":"decimal"}""",
            RecordSchemas.Of(rows, new RecordOptions { Format = RecordFormat.Avro }, "t").Value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Flat_json()
    {
        var (key, value) = Of(RecordFormat.Json);
        Assert.Equal(
            """{"$schema":"http://json-schema.org/draft-07/schema#","title":"orders-x.v1.Key","type":"object","properties":{"id":{"connect.index":0,"type":"integer","connect.type":"int32"}},"required":["id"],"additionalProperties":false}""",
            key!.Text);
        Assert.StartsWith(
            """
            {"$schema":"http://json-schema.org/draft-07/schema#","title":"orders-x.v1.Value","type":"object","properties":{"op":{"connect.index":0,"type":"string","enum":["r","c","u","d","t"]},
            "id":{"connect.index":1,"type":"integer","connect.type":"int32"},"total":{"connect.index":2,"type":"number"},"1st-note":{"connect.index":3,"oneOf":[{"type":"null"},{"type":"string"}]},
            "tags":{"connect.index":4,"oneOf":[{"type":"null"},{"type":"array","items":{"oneOf":[{"type":"null"},{"type":"integer","connect.type":"int16"}]}}]},
            "weight":{"connect.index":5,"oneOf":[{"type":"null"},{"type":"number","connect.type":"float32"},{"type":"string","enum":["NaN","Infinity","-Infinity"]}]},"_cdc":
            """.ReplaceLineEndings(""),
            value.Text, StringComparison.Ordinal);
        Assert.EndsWith("""},"required":["op","_cdc"],"additionalProperties":false}""", value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Debezium_json_has_confluents_hints()
    {
        var (_, value) = Of(RecordFormat.DebeziumJson);
        Assert.StartsWith(
            """
            {"$schema":"http://json-schema.org/draft-07/schema#","title":"orders-x.v1.Envelope","type":"object","properties":{"before":{"connect.index":0,"oneOf":[{"type":"null"},{"title":"orders-x.v1.Value","type":"object","properties":
            {"id":{"connect.index":0,"type":"integer","connect.type":"int32"},
            "total":{"connect.index":1,"title":"org.apache.kafka.connect.data.Decimal","type":"string","connect.version":1,"connect.parameters":{"scale":"2","connect.decimal.precision":"10"},"connect.type":"bytes"},
            """.ReplaceLineEndings(""),
            value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keyless_rows_have_no_key_schema() =>
        Assert.Null(RecordSchemas.Of(new RowSchema("Log", "log", null, new ColumnDescriptor("Line", "Line", typeof(string), false, false)), new RecordOptions { Format = RecordFormat.Avro }, "log").Key);

    [Fact]
    public void Columns_that_become_one_name_in_avro_are_refused()
    {
        var twice = new RowSchema(
            "Twice", "twice", null,
            new ColumnDescriptor("a-b", "One", typeof(int), false, true, IsNameExplicit: true), new ColumnDescriptor("a b", "Two", typeof(int), false, false, IsNameExplicit: true));
        Assert.Equal(FormatErrors.FieldNameTaken, Assert.Throws<CdcFlowException>(() => RecordSchemas.Of(twice, new RecordOptions { Format = RecordFormat.Avro }, "t")).Code);
        Assert.NotNull(RecordSchemas.Of(twice, new RecordOptions { Format = RecordFormat.Json }, "t"));
    }

    [Fact]
    public void Same_row_type_has_the_same_text_every_time() =>
        Assert.All(Enum.GetValues<RecordFormat>().Where(RecordSchemas.Has), format => Assert.Equal(
            RecordSchemas.Of(EveryTypeCodec.Schema, new RecordOptions { Format = format }, "t"), RecordSchemas.Of(EveryTypeCodec.Schema, new RecordOptions { Format = format }, "t")));

    private static RecordSchemaPair Of(RecordFormat format) => RecordSchemas.Of(orders, new RecordOptions { Format = format }, "orders-x.v1");
}
