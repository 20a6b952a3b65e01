using System.Text.Json.Nodes;
using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Avro;

public sealed class FlatAvroEncoderTests
{
    private static readonly RecordOptions options = new() { Format = RecordFormat.Avro };

    [Fact]
    public void Record_has_the_operation_the_columns_and_where_the_change_comes_from()
    {
        var (key, value) = AvroRecords.Decoded<Account, AccountCodec>(options, Change<Account>.Insert(Changes.Ada, Changes.Metadata));
        Assert.Equal("""{"id":1}""", key!.ToJsonString());
        Assert.Equal(
            """{"op":"c","id":1,"owner":"Ada","balance":"10.50","note":null,"_cdc":{"source":"shop","schema":"public","table":"accounts","transaction_id":"771","committed_at":1767268800250000,"transaction":"00000000016B3748","event":0,"row":0,"unchanged":[],"not_carried":null}}""",
            value.ToJsonString());
    }

    [Fact]
    public void Delete_has_its_key_and_null_for_the_rest()
    {
        var (key, value) = AvroRecords.Decoded<Account, AccountCodec>(options, Change<Account>.DeleteByKey(Changes.Ada, Changes.Metadata));
        Assert.Equal("""{"id":1}""", key!.ToJsonString());
        Assert.Equal(["d", "1", null, null, null], Row(value));
    }

    [Fact]
    public void Key_that_is_not_the_first_column_is_in_its_place()
    {
        var (key, value) = AvroRecords.Decoded<Place, PlaceCodec>(options, Change<Place>.DeleteByKey(new Place("north", 7, "x"), Changes.Metadata));
        Assert.Equal("""{"region":"north","the__Number_":7}""", key!.ToJsonString());
        Assert.Equal(["d", "north", "7", null], Row(value));
    }

    [Fact]
    public void Truncate_has_no_key_and_no_column()
    {
        var (key, value) = AvroRecords.Decoded<Account, AccountCodec>(options, Change<Account>.Truncate(Changes.Metadata));
        Assert.Null(key);
        Assert.Equal(["t", null, null, null, null], Row(value));
    }

    [Fact]
    public void Column_that_the_log_did_not_carry_is_told_from_null()
    {
        var unchanged = new ColumnSet(AccountCodec.Schema, [false, true, false, false]);
        var change = new Change<Account>(Operation.Update, BeforeState.Absent, null, Changes.Ada, unchanged, Changes.Metadata);
        var value = AvroRecords.Decoded<Account, AccountCodec>(options, change).Value;
        Assert.Equal(["u", "1", null, "10.50", null], Row(value));
        Assert.Equal("""["owner"]""", value["_cdc"]!["unchanged"]!.ToJsonString());
    }

    [Fact]
    public void Column_that_the_log_never_has_is_told_from_null_and_from_unchanged()
    {
        var missing = new ColumnSet(AccountCodec.Schema, [false, true, false, true], [false, false, false, true]);
        var change = new Change<Account>(Operation.Insert, BeforeState.Absent, null, Changes.Ada, missing, Changes.Metadata);
        var metadata = AvroRecords.Decoded<Account, AccountCodec>(options, change).Value["_cdc"]!;
        Assert.Equal(("""["owner"]""", """["note"]"""), (metadata["unchanged"]!.ToJsonString(), metadata["not_carried"]!.ToJsonString()));
    }

    [Fact]
    public void Snapshot_read_has_no_transaction_id()
    {
        var origin = new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")), new SourceTransaction(1));
        var value = AvroRecords.Decoded<Account, AccountCodec>(options, Change<Account>.SnapshotRead(Changes.Ada, Changes.At(origin, 3, 1))).Value;
        Assert.Null(value["_cdc"]!["transaction_id"]);
        Assert.Equal(3, value["_cdc"]!["event"]!.GetValue<int>());
        Assert.Equal(1, value["_cdc"]!["row"]!.GetValue<int>());
    }

    [Fact]
    public void Every_type_has_its_logical_type()
    {
        var row = new EveryType(
            2, true, short.MinValue, int.MaxValue, long.MaxValue, float.MaxValue, double.NegativeInfinity, 1.50m, "Grüße 😀", new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            new DateTime(1969, 12, 31, 23, 59, 59).AddTicks(9999990), new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), new DateOnly(1969, 12, 31),
            new TimeOnly(0, 0, 1), TimeSpan.FromHours(-1), [0, 255], ["a", null!], [1, -2]);
        var value = AvroRecords.Decoded<EveryType, EveryTypeCodec>(options, Change<EveryType>.Insert(row, Changes.Metadata)).Value.AsObject();
        value.Remove("_cdc");
        Assert.Equal(
            """
            {"op":"c","id":2,"boolean_value":true,"int16_value":-32768,"int32_value":2147483647,"int64_value":9223372036854775807,"single_value":3.4028235E+38,
            "double_value":"-Infinity","decimal_value":"1.50","string_value":"Grüße 😀","guid_value":"00112233-4455-6677-8899-aabbccddeeff",
            "date_time_value":-1,"date_time_offset_value":1767225600000000,"date_only_value":-1,"time_only_value":1000000,"time_span_value":-3600000000,
            "bytes_value":"AP8=","texts":["a",null],"numbers":[1,-2]}
            """.ReplaceLineEndings(""),
            value.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));
    }

    [Fact]
    public void Nulls_of_every_type_are_null()
    {
        var row = new EveryType(1, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        var value = AvroRecords.Decoded<EveryType, EveryTypeCodec>(options, Change<EveryType>.Insert(row, Changes.Metadata)).Value.AsObject();
        Assert.All(value.Skip(2).SkipLast(1), column => Assert.Null(column.Value));
    }

    [Theory]
    [InlineData(RecordFormat.Avro)]
    [InlineData(RecordFormat.DebeziumAvro)]
    public void Nothing_is_allocated_per_row(RecordFormat format)
    {
        using var encoder = RecordEncoders.Create<Account, AccountCodec>(new RecordOptions { Format = format });
        using var output = new ByteBuffer();
        var change = Change<Account>.Insert(Changes.Ada, Changes.Metadata);
        Write(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write(int times)
        {
            for (var time = 0; time < times; time++)
            {
                output.Clear();
                encoder.WriteKey(change, output);
                encoder.WriteValue(change, output);
            }
        }
    }

    /// <summary>Operation and columns as texts.</summary>
    private static IEnumerable<string?> Row(JsonNode value) => value.AsObject().SkipLast(1).Select(member => member.Value?.ToString());
}
