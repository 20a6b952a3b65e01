using System.Text;
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
        Assert.Equal(Changes.Json(change).TrimEnd('\n'), Written(change).Value);
    }

    [Fact]
    public void Key_has_the_keys_columns_alone()
    {
        Assert.Equal("""{"id":1}""", Written(Change<Account>.Insert(Changes.Ada, Changes.Metadata)).Key);
        Assert.Equal("""{"id":1}""", Written(Change<Account>.DeleteByKey(Changes.Ada, Changes.Metadata)).Key);
    }

    [Fact]
    public void Truncate_has_no_key() => Assert.Equal("", Written(Change<Account>.Truncate(Changes.Metadata)).Key);

    private static (string Key, string Value) Written(Change<Account> change)
    {
        using var encoder = RecordEncoders.Create<Account, AccountCodec>(options);
        using ByteBuffer key = new(), value = new();
        encoder.WriteKey(change, key);
        encoder.WriteValue(change, value);
        return (Encoding.UTF8.GetString(key.Written), Encoding.UTF8.GetString(value.Written));
    }
}
