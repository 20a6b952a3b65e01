using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Records;

public sealed class CloudEventEncoderTests
{
    private static readonly RecordOptions options = new() { Format = RecordFormat.CloudEvents, Pipeline = "my orders" };

    [Fact]
    public void Value_is_a_structured_event_around_the_flat_object()
    {
        var change = Change<Account>.Insert(Changes.Ada, Changes.Metadata);
        Assert.Equal(
            """{"specversion":"1.0","id":"my orders/shop/public.accounts/00000000016B3748/0/0/{\"id\":1}","source":"/cdcflow/my%20orders/shop","type":"cdcflow.row.inserted","subject":"public.accounts","time":"2026-01-01T12:00:00.25Z","datacontenttype":"application/json","data":"""
            + Changes.Json(change).TrimEnd('\n') + "}",
            Written.Value<Account, AccountCodec>(options, change));
    }

    [Fact]
    public void Id_is_the_same_on_a_replay_and_differs_between_changes()
    {
        string Id(int index, long key) => System.Text.Json.JsonElement.Parse(Written.Value<Account, AccountCodec>(
            options, Change<Account>.Insert(Changes.Ada with { Id = key }, Changes.At(Changes.Metadata.Origin, index)))).GetProperty("id").GetString()!;
        Assert.Equal(Id(1, 1), Id(1, 1));
        Assert.Equal(3, new[] { Id(1, 1), Id(2, 1), Id(1, 2) }.Distinct().Count());
    }

    [Fact]
    public void Truncate_has_no_key_in_its_id() => Assert.Contains(
        """
        /00000000016B3748/0/0","source"
        """,
        Written.Value<Account, AccountCodec>(options, Change<Account>.Truncate(Changes.Metadata)), StringComparison.Ordinal);

    [Fact]
    public void Key_is_the_flat_one() =>
        Assert.Equal("""{"id":1}""", Written.Key<Account, AccountCodec>(options, Change<Account>.Insert(Changes.Ada, Changes.Metadata)));
}
