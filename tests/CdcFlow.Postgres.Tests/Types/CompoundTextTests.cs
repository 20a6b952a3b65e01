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

    private static T Decode<T>(string value, PostgresType type) =>
        ((TextDecoder<T>)TextDecoders.For(typeof(T))!).Decode(Encoding.UTF8.GetBytes(value), type, out var decoded) ? decoded : default!;
}
