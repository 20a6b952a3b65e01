using System.Text;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Tests.Types;

public class CompoundTextTests
{
    private static readonly PostgresType text = new("text", ValueKind.Text, "textout");
    private static readonly PostgresType int4 = new("integer", ValueKind.Int32, "int4out");
    private static readonly PostgresType texts = new("text[]", ValueKind.Array, "array_out") { Element = text };
    private static readonly PostgresType ints = new("integer[]", ValueKind.Array, "array_out") { Element = int4 };
    private static readonly PostgresType range = new("int4range", ValueKind.Range, "range_out") { Element = int4 };
    private static readonly PostgresType multirange = new("int4multirange", ValueKind.Multirange, "multirange_out") { Element = range };

    [Fact]
    public void Arrays_keep_null_apart_from_the_word_and_undo_quoting() =>
        Assert.Equal((List<string?>)[null, "NULL", "", "a,b", "q\"\\", "{x}"], Decode<string?[]>("""{NULL,"NULL","","a,b","q\"\\","{x}"}""", texts));

    [Fact]
    public void Arrays_of_several_dimensions_other_bounds_or_null_for_a_plain_value_do_not_fit()
    {
        Assert.Null(Decode<int[]>("{{1,2},{3,4}}", ints));
        Assert.Null(Decode<int[]>("[0:1]={1,2}", ints));
        Assert.Null(Decode<int[]>("{1,NULL}", ints));
        Assert.Equal([1, null], Decode<int?[]>("{1,NULL}", ints));
        Assert.Equal([], Decode<int[]>("{}", ints));
        Assert.Null(Decode<int[]>("{1,2", ints));
        Assert.Null(Decode<int[]>("{1,}x}", ints));
    }

    [Fact]
    public void Ranges_tell_empty_open_and_closed_bounds()
    {
        Assert.Equal(new PostgresRange<int>(1, 5, true, false), Decode<PostgresRange<int>>("[1,5)", range));
        Assert.Equal(new PostgresRange<int>(null, 5, false, true), Decode<PostgresRange<int>>("(,5]", range));
        Assert.True(Decode<PostgresRange<int>>("empty", range).IsEmpty);
        Assert.Equal(
            [new PostgresRange<int>(1, 2, true, false), new PostgresRange<int>(5, null, true, false)],
            Decode<PostgresRange<int>[]>("{[1,2),[5,)}", multirange));
        Assert.Equal([], Decode<PostgresRange<int>[]>("{}", multirange));
    }

    [Fact]
    public void Ranges_write_themselves_as_the_server_does()
    {
        var instant = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);

        Assert.Equal("[1,5)", new PostgresRange<int>(1, 5, true, false).ToString());
        Assert.Equal("empty", new PostgresRange<int> { IsEmpty = true }.ToString());
        Assert.Equal("(1.10,]", new PostgresRange<decimal>(1.10m, null, false, true).ToString());
        Assert.Equal("(,\"2026-01-02 03:04:05.6+00\"]", new PostgresRange<DateTimeOffset>(null, instant, false, true).ToString());
        Assert.Equal("[\"2026-01-02 03:04:05.6+00\",)", new PostgresRange<DateTime>(instant.UtcDateTime, null, true, false).ToString());
        Assert.Equal("[\"2026-01-02 03:04:05.6\",)", new PostgresRange<DateTime>(DateTime.SpecifyKind(instant.UtcDateTime, DateTimeKind.Unspecified), null, true, false).ToString());
        Assert.Equal("[2026-01-01,)", new PostgresRange<DateOnly>(new(2026, 1, 1), null, true, false).ToString());
    }

    [Fact]
    public void Hstore_undoes_quoting_and_keeps_null_apart()
    {
        var hstore = new PostgresType("hstore", ValueKind.Hstore, "hstore_out");

        var value = Decode<Dictionary<string, string?>>("""
            "a\"b"=>"x, \"y\"=>z", "n"=>NULL, ""=>"NULL"
            """, hstore);

        Assert.Equal(new Dictionary<string, string?> { ["a\"b"] = "x, \"y\"=>z", ["n"] = null, [""] = "NULL" }, value);
    }

    /// <remarks>pgvector's own output; its binary form is not asked for, so that the text is all there is.</remarks>
    [Theory]
    [InlineData("[1,2.5,-0.125]", new[] { 1f, 2.5f, -0.125f })]
    [InlineData("[3.4028235e+38,1e-45,-0]", new[] { float.MaxValue, float.Epsilon, -0f })]
    [InlineData("[0]", new[] { 0f })]
    [InlineData("{1,2}", null)]
    [InlineData("[1,]", null)]
    [InlineData("[]", null)]
    [InlineData("[1", null)]
    [InlineData("", null)]
    public void Vectors_are_arrays(string text, float[]? value) => Assert.Equal(value, Decode<float[]>(text, new PostgresType("vector", ValueKind.Vector, "vector_out")));

    [Theory]
    [InlineData("", "")]
    [InlineData("10110", "10110")]
    [InlineData("12", null)]
    public void Bits_are_in_their_order(string text, string? value)
    {
        var bits = Decode<System.Collections.BitArray>(text, new PostgresType("bit varying", ValueKind.Bit, "varbit_out"));
        Assert.Equal(value, bits is null ? null : CdcFlow.Rows.PropertyValue.ToText(bits));
    }

    [Fact]
    public void Json_keeps_every_letter_and_is_not_read_beyond_a_thousand_levels()
    {
        var json = new PostgresType("json", ValueKind.Json, "json_out");
        const string Odd = """{"b": 1,  "a": [1, 2.50, null, 1e400], "b": "\ud800"}""";
        Assert.Equal(Odd, Decode<System.Text.Json.JsonElement>(Odd, json).GetRawText());
        Assert.Equal("null", Decode<System.Text.Json.JsonElement>("null", json).GetRawText());
        Assert.Equal(1000, Decode<System.Text.Json.JsonElement>(new string('[', 1000) + new string(']', 1000), json).GetRawText().Length / 2);
        Assert.Equal(System.Text.Json.JsonValueKind.Undefined, Decode<System.Text.Json.JsonElement>(new string('[', 1001) + new string(']', 1001), json).ValueKind);
    }

    private static T Decode<T>(string value, PostgresType type) =>
        ((TextDecoder<T>)TextDecoders.For(typeof(T))!).Decode(Encoding.UTF8.GetBytes(value), type, out var decoded) ? decoded : default!;
}
