using System.Text.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Records;

public sealed class RecordPropertyTests
{
    [Theory]
    [InlineData(RecordFormat.DebeziumJson, "after")]
    [InlineData(RecordFormat.Json, null)]
    [InlineData(RecordFormat.CloudEvents, "data")]
    public void Rows_of_every_shape_are_json_whose_values_read_back(RecordFormat format, string? image)
    {
        using var encoder = RecordEncoders.Create<EveryType, EveryTypeCodec>(new RecordOptions { Format = format });
        using ByteBuffer key = new(), value = new();
        var random = new Random(33);
        for (var round = 0; round < 2000; round++)
        {
            key.Clear();
            value.Clear();
            var change = EveryTypes.Change(random);
            encoder.WriteKey(change, key);
            encoder.WriteValue(change, value);

            Assert.Equal(change.Row.Id, JsonElement.Parse(key.Written).GetProperty("id").GetInt64());
            var record = JsonElement.Parse(value.Written);
            AssertSame(change, image is null ? record : record.GetProperty(image));
        }
    }

    private static void AssertSame(Change<EveryType> change, JsonElement row)
    {
        if (change.After is not { } after)
        {
            return;
        }

        if (after.Int64Value is { } number && change.IsAvailable(nameof(EveryType.Int64Value)))
        {
            Assert.Equal(number, row.GetProperty("int64_value").GetInt64());
        }

        if (after.DoubleValue is { } floating && double.IsFinite(floating) && change.IsAvailable(nameof(EveryType.DoubleValue)))
        {
            Assert.Equal(floating, row.GetProperty("double_value").GetDouble());
        }

        if (after.StringValue is { } text && Arbitrary.IsUnicode(text) && change.IsAvailable(nameof(EveryType.StringValue)))
        {
            Assert.Equal(text, row.GetProperty("string_value").GetString());
        }

        if (after.BytesValue is { } bytes && change.IsAvailable(nameof(EveryType.BytesValue)))
        {
            Assert.Equal(bytes, row.GetProperty("bytes_value").GetBytesFromBase64());
        }
    }
}
