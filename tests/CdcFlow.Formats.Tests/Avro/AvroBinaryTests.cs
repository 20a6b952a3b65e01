using System.Numerics;
using CdcFlow.Formats.Avro;

namespace CdcFlow.Formats.Tests.Avro;

/// <summary>Bytes as the specification's section "Binary encoding" shows them.</summary>
public sealed class AvroBinaryTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(2, "04")]
    [InlineData(-64, "7F")]
    [InlineData(64, "8001")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Integers_are_zigzag_in_groups_of_seven_bits(long value, string expected) => Assert.Equal(expected, Hex(output => AvroBinary.Append(output, value)));

    [Fact]
    public void Text_has_its_length_in_bytes_before_it()
    {
        Assert.Equal("06666F6F", Hex(output => AvroBinary.Append(output, "foo")));
        Assert.Equal("00", Hex(output => AvroBinary.Append(output, "")));
        Assert.Equal("04C3A9", Hex(output => AvroBinary.Append(output, "é")));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(1 << 20)]
    public void Text_of_any_length_is_read_back(int length)
    {
        foreach (var letter in new[] { "a", "é", "語", "😀" })
        {
            var text = string.Concat(Enumerable.Repeat(letter, length));
            using var output = new ByteBuffer(16);
            AvroBinary.Append(output, text);
            Assert.Equal(text, AvroReader.Decode("\"string\"", output.Written)!.GetValue<string>());
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() =>
        Assert.Equal(FormatErrors.InvalidText, Assert.Throws<CdcFlowException>(() => Hex(output => AvroBinary.Append(output, "\ud800"))).Code);

    [Fact]
    public void Floating_point_numbers_are_little_endian()
    {
        Assert.Equal("0000803F", Hex(output => AvroBinary.Append(output, 1f)));
        Assert.Equal("000000000000F03F", Hex(output => AvroBinary.Append(output, 1d)));
    }

    [Fact]
    public void Record_is_its_fields_and_a_union_its_branch_and_value()
    {
        var record = new AvroSchema(AvroType.Record) { Name = "test", Fields = [new("a", new(AvroType.Long)), new("b", new(AvroType.String))] };
        Assert.Equal("3606666F6F", Hex(output => AvroFromJson.Append(output, record, """{"a":27,"b":"foo"}"""u8)));
        var union = new AvroSchema(AvroType.String) { IsNullable = true };
        Assert.Equal("00", Hex(output => AvroFromJson.Append(output, union, "null"u8)));
        Assert.Equal("020261", Hex(output => AvroFromJson.Append(output, union, "\"a\""u8)));
    }

    [Fact]
    public void Text_with_escapes_is_encoded_without_them() =>
        Assert.Equal("0A22C3A9220A", Hex(output => AvroFromJson.Append(output, new(AvroType.String), "\"\\\"\\u00e9\\\"\\n\""u8)));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.28", 2)]
    [InlineData("-1.28", 2)]
    [InlineData("1.27", 2)]
    [InlineData("-1.29", 2)]
    [InlineData("92233720368547758.07", 2)]
    [InlineData("-92233720368547758.07", 2)]
    [InlineData("9.2", 18)]
    public void Decimals_are_the_unscaled_number_in_as_few_bytes_as_hold_it(string text, int scale)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        using var output = new ByteBuffer();
        Assert.True(AvroDecimal.TryAppend(output, value, scale));
        var expected = ((BigInteger)(value * (decimal)BigInteger.Pow(10, scale))).ToByteArray(isBigEndian: true);
        Assert.Equal((byte)(expected.Length * 2), output.Written[0]);
        Assert.Equal(expected, output.Written[1..].ToArray());
    }

    [Fact]
    public void Decimal_that_does_not_fit_in_64_bits_or_has_more_digits_than_the_scale_is_left_to_others()
    {
        using var output = new ByteBuffer();
        Assert.False(AvroDecimal.TryAppend(output, decimal.MaxValue, 0));
        Assert.False(AvroDecimal.TryAppend(output, 92233720368547758.08m, 2));
        Assert.False(AvroDecimal.TryAppend(output, 1.001m, 2));
        Assert.False(AvroDecimal.TryAppend(output, 1m, 30));
        Assert.Equal(0, output.Length);
    }

    private static string Hex(Action<ByteBuffer> append)
    {
        using var output = new ByteBuffer(16);
        append(output);
        return Convert.ToHexString(output.Written);
    }
}
