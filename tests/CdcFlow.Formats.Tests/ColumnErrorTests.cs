using System.Text;
using System.Text.Json;
using CdcFlow.Formats.Csv;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests;

/// <summary>An error says which column it is about, in every format; and values that one of them cannot spell are coded.</summary>
public sealed class ColumnErrorTests
{
    private const string Late = "294276-12-31 00:00:00";

    [Theory]
    [InlineData(RecordFormat.DebeziumJson)]
    [InlineData(RecordFormat.DebeziumAvro)]
    [Trait("WayOut", "CDCF2104")]
    public void Value_that_is_not_held_names_its_column_and_the_setting_that_holds_it(RecordFormat format)
    {
        var error = Assert.Throws<CdcFlowException>(() => Encode(new Stamp("a", Late, null), Options(format)));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
        Assert.Equal("Column 'at' of Stamp: The format has no form for a timestamp beyond the year 294247 in microseconds.", error.Happened);
        Assert.Contains("Times = IsoString", error.Fix, StringComparison.Ordinal);
        Encode(new Stamp("a", Late, null), Options(format, new DebeziumOptions { Times = TemporalMode.IsoString }));
        Encode(new Stamp("a", Late, null), Options(format, new DebeziumOptions { Times = TemporalMode.Connect }));
    }

    [Fact]
    [Trait("WayOut", "CDCF2104")]
    public void Interval_that_is_not_held_is_a_text_when_the_setting_says_so()
    {
        var options = new DebeziumOptions { Intervals = IntervalMode.String };
        Assert.Contains("Intervals = String", Assert.Throws<CdcFlowException>(() => Encode(new Stamp("a", null, "300000 years"), Options(RecordFormat.DebeziumJson))).Fix, StringComparison.Ordinal);
        Assert.Contains("P300000Y", Encoding.UTF8.GetString(Encode(new Stamp("a", null, "300000 years"), Options(RecordFormat.DebeziumJson, options))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RecordFormat.Avro)]
    [InlineData(RecordFormat.DebeziumAvro)]
    public void Half_of_a_surrogate_pair_names_its_column_in_Avro(RecordFormat format) => IsNotUnicode(() => Encode(new Stamp("\uD800", null, null), Options(format)));

    [Fact]
    [Trait("WayOut", "CDCF2102")]
    public void Half_of_a_surrogate_pair_names_its_column_in_csv_and_json_lines_have_it()
    {
        var change = Change<Stamp>.Insert(new Stamp("\uD800", null, null), Changes.Metadata);
        var error = IsNotUnicode(() => Changes.Encoded(new CsvEncoder<Stamp, StampCodec>(new TextFormatOptions()), change));
        Assert.Contains("write JSON lines", error.Fix, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"\\uD800\"", Changes.Encoded(new JsonLinesEncoder<Stamp, StampCodec>(new TextFormatOptions()), change), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_with_half_of_a_surrogate_pair_stays_one_line()
    {
        using var output = new ByteBuffer(16);
        JsonOther.Append(output, JsonElement.Parse("{\"a\":\n \"\\ud800\"}"));
        Assert.Equal("{\"a\":  \"\\ud800\"}", Encoding.UTF8.GetString(output.Written));
    }

    // nodejs/node #22448, openai/codex #33617: readers by lines cut JSON at characters that end a line for Unicode.
    [Theory]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    public void Json_has_no_character_that_ends_a_line_in_any_form_of_a_text(char end)
    {
        using var output = new ByteBuffer(16);
        var pairs = new Dictionary<string, string?> { [$"k{end}"] = $"v{end}" };
        JsonOther.Append(output, pairs);
        JsonOther.Append(output, new[] { $"a{end}" });
        JsonOther.Append(output, JsonElement.Parse($"[\"a{end}\"]"));
        JsonOther.Append(output, JsonElement.Parse($"[\"a{end}\",\"\\ud800\"]"));
        JsonText.Append(output, $"{end}{end}x");
        var text = Encoding.UTF8.GetString(output.Written);
        Assert.DoesNotContain(end, text);
        Assert.Equal(8, text.Split($"\\u{(int)end:X4}", StringSplitOptions.None).Length);
    }

    [Fact]
    public void Pairs_are_an_object()
    {
        using ByteBuffer json = new(16), csv = new(16);
        var pairs = new Dictionary<string, string?> { ["a\""] = "b", ["n"] = null };
        JsonOther.Append(json, pairs);
        Assert.Equal("""{"a\"":"b","n":null}""", Encoding.UTF8.GetString(json.Written));
        CsvText.AppendJson(csv, pairs);
        Assert.Equal("\"{\"\"a\\\"\"\"\":\"\"b\"\",\"\"n\"\":null}\"", Encoding.UTF8.GetString(csv.Written));
    }

    [Fact]
    [Trait("WayOut", "CDCF2101")]
    public void Type_without_a_form_is_told_and_a_text_a_number_and_arrays_of_them_have_one()
    {
        using var output = new ByteBuffer(16);
        var error = Assert.Throws<CdcFlowException>(() => JsonOther.Append(output, new Version(1, 2).GetType()));
        Assert.Equal(FormatErrors.TypeHasNoForm, error.Code);
        Assert.Contains("to text, a number or an array of them", error.Fix, StringComparison.Ordinal);
        JsonOther.Append(output, new[] { "1.2" });
        JsonOther.Append(output, new[] { 1L, 2L });
        Assert.Equal("[\"1.2\"][1,2]", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    [Trait("WayOut", "CDCF2103")]
    public void Name_that_the_format_itself_writes_is_told_and_another_one_is_taken()
    {
        var change = Change<Stamp>.Insert(new Stamp("a", null, null), Changes.Metadata);
        var error = Assert.Throws<CdcFlowException>(() => Changes.Encoded(new JsonLinesEncoder<Stamp, StampCodec>(new TextFormatOptions { OperationField = "at" }), change));
        Assert.Equal(FormatErrors.FieldNameTaken, error.Code);
        Assert.Contains("set OperationField", error.Fix, StringComparison.Ordinal);
        Assert.StartsWith("{\"operation\":\"c\"", Changes.Encoded(new JsonLinesEncoder<Stamp, StampCodec>(new TextFormatOptions { OperationField = "operation" }), change), StringComparison.Ordinal);
    }

    private static CdcFlowException IsNotUnicode(Action encode)
    {
        var error = Assert.Throws<CdcFlowException>(encode);
        Assert.Equal(FormatErrors.InvalidText, error.Code);
        Assert.StartsWith("Column 'key' of Stamp: ", error.Happened, StringComparison.Ordinal);
        return error;
    }

    private static RecordOptions Options(RecordFormat format, DebeziumOptions? debezium = null) =>
        new() { Format = format, Pipeline = "p", Debezium = debezium ?? new DebeziumOptions(), Clock = TimeProvider.System };

    private static byte[] Encode(Stamp row, RecordOptions options)
    {
        using var encoder = RecordEncoders.Create<Stamp, StampCodec>(options);
        using var output = new ByteBuffer(16);
        encoder.WriteKey(Change<Stamp>.Insert(row, Changes.Metadata), output);
        output.Clear();
        encoder.WriteValue(Change<Stamp>.Insert(row, Changes.Metadata), output);
        return output.Written.ToArray();
    }

    private sealed record Stamp(string Id, string? At, string? For);

    private readonly struct StampCodec : IRowCodec<Stamp>
    {
        public static RowSchema Schema { get; } = new(
            "Stamp", "stamps", null, new ColumnDescriptor("key", "Key", typeof(string), IsNullable: false, IsKey: true),
            new ColumnDescriptor("at", "At", typeof(string), IsNullable: true, IsKey: false, "timestamp"),
            new ColumnDescriptor("for", "For", typeof(string), IsNullable: true, IsKey: false, "interval"));

        public static Stamp Read<TReader>(ref TReader reader)
            where TReader : struct, IRowReader, allows ref struct => throw new NotSupportedException();

        public static Stamp ReadKey<TReader>(ref TReader reader)
            where TReader : struct, IRowReader, allows ref struct => throw new NotSupportedException();

        public static void Write<TWriter>(Stamp row, ref TWriter writer)
            where TWriter : struct, IRowWriter, allows ref struct
        {
            WriteKey(row, ref writer);
            foreach (var (column, text) in new[] { (1, row.At), (2, row.For) })
            {
                if (text is null)
                {
                    writer.WriteNull(column);
                }
                else
                {
                    writer.Write(column, text);
                }
            }
        }

        public static void WriteKey<TWriter>(Stamp row, ref TWriter writer)
            where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Id);

        public static int KeyHash(Stamp row) => row.Id.GetHashCode(StringComparison.Ordinal);

        public static bool KeyEquals(Stamp left, Stamp right) => left.Id == right.Id;

        public static object Key(Stamp row) => row.Id;
    }
}
