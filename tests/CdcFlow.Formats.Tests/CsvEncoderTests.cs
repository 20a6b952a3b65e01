using CdcFlow.Formats.Csv;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests;

public sealed class CsvEncoderTests
{
    private const string Header = "op,id,owner,balance,note,_cdc_unchanged,_cdc_source,_cdc_schema,_cdc_table,_cdc_transaction_id,_cdc_committed_at,_cdc_transaction,_cdc_event,_cdc_row,_cdc_not_carried\n";
    private const string Origin = "shop,public,accounts,771,2026-01-01T12:00:00.25Z,00000000016B3748,0,0,\n";

    [Fact]
    public void Insert_stands_under_a_header() =>
        Assert.Equal($"{Header}c,1,Ada,10.50,,,{Origin}", Changes.Csv(Change<Account>.Insert(Changes.Ada, Changes.Metadata)));

    [Fact]
    public void Delete_and_truncate_have_empty_fields_for_what_they_do_not_know() =>
        Assert.Equal(
            $"{Header}d,1,,,,,{Origin}t,,,,,,{Origin}",
            Changes.Csv(Change<Account>.Delete(Changes.Ada, Changes.Metadata), Change<Account>.Truncate(Changes.Metadata)));

    [Fact]
    public void Null_and_empty_text_differ() =>
        Assert.Equal($"{Header}c,1,\"\",0,,,{Origin}", Changes.Csv(Change<Account>.Insert(new Account(1, "", 0, null), Changes.Metadata)));

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("\r", "\"\r\"")]
    [InlineData(" padded ", "\" padded \"")]
    [InlineData("plain é😀", "plain é😀")]
    public void Text_is_quoted_where_it_must_be(string text, string field) =>
        Assert.Equal($"{Header}c,1,{field},0,,,{Origin}", Changes.Csv(Change<Account>.Insert(new Account(1, text, 0, null), Changes.Metadata)));

    [Fact]
    public void Columns_that_the_log_did_not_carry_are_named()
    {
        var unchanged = new ColumnSet(AccountCodec.Schema, [false, true, false, true]);
        var change = new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(1, null!, 2m, null), unchanged, Changes.Metadata);
        Assert.Equal($"{Header}u,1,,2,,owner note,{Origin}", Changes.Csv(change));
    }

    [Fact]
    public void Columns_that_the_log_never_has_are_named_apart_from_the_unchanged()
    {
        var missing = new ColumnSet(AccountCodec.Schema, [false, true, false, true], [false, false, false, true]);
        var change = new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(1, null!, 2m, null), missing, Changes.Metadata);
        Assert.Equal($"{Header}u,1,,2,,owner,{Origin[..^1]}note\n", Changes.Csv(change));
    }

    [Fact]
    public void Arrays_are_json_and_bytes_base64()
    {
        var row = new EveryType(1, null, null, null, null, null, null, null, null, null, null, null, null, null, null, [255], ["a\"", "b"], [1, 2]);
        var line = Changes.Encoded(new CsvEncoder<EveryType, EveryTypeCodec>(new TextFormatOptions()), Change<EveryType>.Insert(row, Changes.Metadata)).Split('\n')[1];
        Assert.Contains(",/w==,\"[\"\"a\\\"\"\"\",\"\"b\"\"]\",\"[1,2]\",", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_since_utf8_has_no_form_for_it()
    {
        var error = Assert.Throws<CdcFlowException>(() => Changes.Csv(Change<Account>.Insert(new Account(1, "\ud83d", 0, null), Changes.Metadata)));
        Assert.Equal(FormatErrors.InvalidText, error.Code);
    }
}
