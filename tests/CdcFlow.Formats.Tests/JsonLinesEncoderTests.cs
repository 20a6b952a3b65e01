using System.Text.Json;
using CdcFlow.Formats.Json;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests;

public sealed class JsonLinesEncoderTests
{
    private const string Origin = """
        "_cdc":{"source":"shop","schema":"public","table":"accounts","transaction_id":"771","committed_at":"2026-01-01T12:00:00.25Z","transaction":"00000000016B3748","event":0,"row":0}}
        """;

    [Fact]
    public void Insert_has_all_columns_and_its_origin() =>
        Assert.Equal($$"""{"op":"c","id":1,"owner":"Ada","balance":10.50,"note":null,{{Origin}}""" + "\n", Changes.Json(Change<Account>.Insert(Changes.Ada, Changes.Metadata)));

    [Fact]
    public void Delete_has_its_key_alone() =>
        Assert.Equal($$"""{"op":"d","id":1,{{Origin}}""" + "\n", Changes.Json(Change<Account>.Delete(Changes.Ada, Changes.Metadata)));

    [Fact]
    public void Truncate_has_no_columns() =>
        Assert.Equal($$"""{"op":"t",{{Origin}}""" + "\n", Changes.Json(Change<Account>.Truncate(Changes.Metadata)));

    [Fact]
    public void Column_that_the_log_did_not_carry_is_left_out_and_not_null()
    {
        var unchanged = new ColumnSet(AccountCodec.Schema, [false, true, false, true]);
        var change = new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(1, null!, 2m, null), unchanged, Changes.Metadata);
        Assert.Equal($$"""{"op":"u","id":1,"balance":2,{{Origin}}""" + "\n", Changes.Json(change));
    }

    [Fact]
    public void Column_that_the_log_never_has_is_left_out_and_named()
    {
        var missing = new ColumnSet(AccountCodec.Schema, [false, true, false, true], [false, false, false, true]);
        var change = new Change<Account>(Operation.Insert, BeforeState.Absent, null, new Account(1, null!, 2m, null), missing, Changes.Metadata);
        Assert.Equal("""{"op":"c","id":1,"balance":2,""" + Origin[..^2] + ",\"not_carried\":[\"note\"]}}\n", Changes.Json(change));
    }

    [Fact]
    public void Update_without_a_key_carries_the_old_row_by_which_alone_it_is_found()
    {
        var change = Change<Account>.Update(Changes.Ada, Changes.Ada with { Balance = 11m }, Changes.Metadata);
        Assert.Equal(
            """{"op":"u","id":1,"owner":"Ada","balance":11,"note":null,""" + Origin[..^2] + ""","before":{"id":1,"owner":"Ada","balance":10.50,"note":null}}}""" + "\n",
            Changes.Encoded(new JsonLinesEncoder<Account, KeylessAccountCodec>(new TextFormatOptions()), change));
        Assert.DoesNotContain("before", Changes.Json(change), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_read_has_no_transaction_of_its_own()
    {
        var origin = new ChangeOrigin(new TableOrigin("shop", new TableId("", "accounts")), new SourceTransaction(1));
        Assert.DoesNotContain("transaction_id", Changes.Json(Change<Account>.SnapshotRead(Changes.Ada, Changes.At(origin))), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_transaction_shows_its_own_origin()
    {
        ChangeMetadata Of(ulong transaction) => Changes.At(new ChangeOrigin(new TableOrigin($"s{transaction}", new TableId("", "t")), new SourceTransaction(transaction)), 3, 1);
        var lines = Changes.Json(Change<Account>.Insert(Changes.Ada, Of(1)), Change<Account>.Insert(Changes.Ada, Of(2)), Change<Account>.Insert(Changes.Ada, Of(1)))
            .Split('\n')[..^1].Select(line => JsonElement.Parse(line).GetProperty("_cdc")).ToList();
        Assert.Equal(["s1", "s2", "s1"], lines.Select(line => line.GetProperty("source").GetString()));
        Assert.All(lines, line => Assert.Equal((3, 1), (line.GetProperty("event").GetInt32(), line.GetProperty("row").GetInt32())));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("\"\\/\b\f\n\r\t\0\u001f\u007f")]
    [InlineData("Grüße 😀 \u2028")]
    public void Any_text_reads_back_as_it_was(string text)
    {
        var note = Changes.Json(Change<Account>.Insert(Changes.Ada with { Note = text }, Changes.Metadata));
        Assert.Equal(1, note.Count(letter => letter == '\n'));
        Assert.Equal(text, JsonElement.Parse(note).GetProperty("note").GetString());
    }

    [Fact]
    public void Long_random_texts_read_back_as_they_were()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(2000)).Select(_ => (char)(random.Next(8) == 0 ? random.Next(0x20, 0xD800) : random.Next(0, 0x80)))]);
            Assert.Equal(text, JsonElement.Parse(Changes.Json(Change<Account>.Insert(Changes.Ada with { Note = text }, Changes.Metadata))).GetProperty("note").GetString());
        }
    }

    [Fact]
    public void Values_are_exact_and_iso()
    {
        var row = new EveryType(
            1, true, -5, 7, long.MinValue, 0.1f, double.NaN, 79228162514264337593543950335m, "x", Guid.Empty,
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Local), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(1)), new DateOnly(1, 2, 3),
            new TimeOnly(4, 5, 6, 70), new TimeSpan(1, 2, 3, 4), [1, 2, 255], ["a", null!, "\""], []);
        var line = Changes.Encoded(new JsonLinesEncoder<EveryType, EveryTypeCodec>(new TextFormatOptions()), Change<EveryType>.Insert(row, Changes.Metadata));
        Assert.StartsWith(
            """
            {"op":"c","id":1,"boolean_value":true,"int16_value":-5,"int32_value":7,"int64_value":-9223372036854775808,"single_value":0.1,"double_value":"NaN","decimal_value":79228162514264337593543950335,"string_value":"x","guid_value":"00000000-0000-0000-0000-000000000000","date_time_value":"2026-01-02T03:04:05","date_time_offset_value":"2025-12-31T23:00:00Z","date_only_value":"0001-02-03","time_only_value":"04:05:06.07","time_span_value":"1.02:03:04","bytes_value":"AQL/","texts":["a",null,"\""],"numbers":[],
            """,
            line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FieldNaming.SnakeCase, "date_time_offset_value")]
    [InlineData(FieldNaming.CamelCase, "dateTimeOffsetValue")]
    [InlineData(FieldNaming.Property, "DateTimeOffsetValue")]
    public void Fields_are_named_as_asked(FieldNaming naming, string name)
    {
        var options = new TextFormatOptions { Naming = naming };
        var line = Changes.Encoded(new JsonLinesEncoder<EveryType, EveryTypeCodec>(options), Change<EveryType>.Insert(EveryTypeRow(), Changes.Metadata));
        Assert.Contains($"\"{name}\":", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_that_was_given_explicitly_is_kept()
    {
        var line = Changes.Encoded(new JsonLinesEncoder<Place, PlaceCodec>(new TextFormatOptions()), Change<Place>.Insert(new Place("r", 1, "v"), Changes.Metadata));
        Assert.Contains("""
            "the \"Number\"":1
            """, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Column_with_the_name_of_an_own_field_is_refused()
    {
        var error = Assert.Throws<CdcFlowException>(() => new JsonLinesEncoder<Account, AccountCodec>(new TextFormatOptions { OperationField = "Note" }));
        Assert.Equal(FormatErrors.FieldNameTaken, error.Code);
    }

    [Fact]
    public void Encoding_allocates_nothing_per_change()
    {
        using var encoder = new JsonLinesEncoder<Account, AccountCodec>(new TextFormatOptions());
        using var buffer = new ByteBuffer(1 << 20);
        var change = Change<Account>.Insert(Changes.Ada with { Note = "needs an \"escape\"" }, Changes.Metadata);
        Write(encoder, change, buffer, 1000);
        var least = Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Write(encoder, change, buffer, 1000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least); // a collection that another test causes meanwhile counts the thread's whole allocation window
    }

    private static void Write(IChangeEncoder<Account> encoder, Change<Account> change, ByteBuffer buffer, int count)
    {
        buffer.Clear();
        for (var index = 0; index < count; index++)
        {
            encoder.Write(change, buffer);
        }
    }

    private static EveryType EveryTypeRow() => new(1, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
}
