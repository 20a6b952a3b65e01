using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Records;

public sealed class JsonRecordEncoderTests
{
    private static readonly RecordOptions options = new() { Format = RecordFormat.Json };

    [Fact]
    public void Value_is_a_json_line_without_its_end()
    {
        var change = Change<Account>.Insert(Changes.Ada, Changes.Metadata);
        Assert.Equal(Changes.Json(change).TrimEnd('\n'), Written.Value<Account, AccountCodec>(options, change));
    }

    [Fact]
    public void Key_has_the_keys_columns_alone()
    {
        Assert.Equal("""{"id":1}""", Written.Key<Account, AccountCodec>(options, Change<Account>.Insert(Changes.Ada, Changes.Metadata)));
        Assert.Equal("""{"id":1}""", Written.Key<Account, AccountCodec>(options, Change<Account>.DeleteByKey(Changes.Ada, Changes.Metadata)));
    }

    [Fact]
    public void Truncate_has_no_key() => Assert.Equal("", Written.Key<Account, AccountCodec>(options, Change<Account>.Truncate(Changes.Metadata)));
}
