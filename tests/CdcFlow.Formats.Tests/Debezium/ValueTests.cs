using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Values;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests.Debezium;

public sealed class ValueTests
{
    [Fact]
    public void Decimals_are_the_unscaled_number_whatever_its_width()
    {
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var value = Arbitrary.Decimal(random);
            var scale = value.Scale + random.Next(12);
            var bytes = Convert.FromBase64String(Spelled(output => DecimalValue.Append(output, ValueForm.Decimal, scale, value)).Trim('"'));
            var unscaled = new BigInteger(bytes, isBigEndian: true);
            Assert.Equal(Unscaled(value) * BigInteger.Pow(10, scale - value.Scale), unscaled);
            Assert.Equal(unscaled.GetByteCount(), bytes.Length);
            Assert.Equal(
                Spelled(output => DecimalValue.Append(output, ValueForm.Decimal, scale, value)),
                Spelled(output => Assert.True(DecimalValue.TryAppend(output, ValueForm.Decimal, scale, value.ToString(CultureInfo.InvariantCulture)))));
        }
    }

    [Fact]
    public void Decimals_without_a_fixed_scale_carry_theirs_and_no_zeros_behind_it()
    {
        Assert.Equal("""{"scale":1,"value":"Dw=="}""", Spelled(output => DecimalValue.Append(output, ValueForm.VariableScaleDecimal, 0, 1.50m)));
        Assert.Equal("""{"scale":0,"value":"ZA=="}""", Spelled(output => DecimalValue.Append(output, ValueForm.VariableScaleDecimal, 0, 100m)));
        Assert.Equal("""{"scale":0,"value":"AIA="}""", Spelled(output => DecimalValue.Append(output, ValueForm.VariableScaleDecimal, 0, 128m)));
        Assert.Equal("""{"scale":0,"value":"gA=="}""", Spelled(output => DecimalValue.Append(output, ValueForm.VariableScaleDecimal, 0, -128m)));
    }

    [Fact]
    public void Decimal_with_more_digits_than_its_column_is_refused_and_not_rounded()
    {
        var error = Assert.Throws<CdcFlowException>(() => Spelled(output => DecimalValue.Append(output, ValueForm.Decimal, 1, 1.25m)));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
        Assert.Equal("\"DQ==\"", Spelled(output => DecimalValue.Append(output, ValueForm.Decimal, 1, 1.30m)));
    }

    [Fact]
    public void Numbers_of_any_length_are_read_out_of_text()
    {
        var digits = new string('9', 400);
        var bytes = Convert.FromBase64String(Spelled(output => Assert.True(DecimalValue.TryAppend(output, ValueForm.Decimal, 3, $"-{digits}.5"))).Trim('"'));
        Assert.Equal(-BigInteger.Parse($"{digits}500", CultureInfo.InvariantCulture), new BigInteger(bytes, isBigEndian: true));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public void Numbers_that_are_not_finite_are_texts_or_doubles_and_null_only_where_that_is_asked_for(string text)
    {
        string Of(DebeziumOptions options, bool isNullable = true)
        {
            var schema = new RowSchema("R", "r", null, new ColumnDescriptor("n", "N", typeof(string), isNullable, false, "numeric"));
            var columns = new DebeziumColumns(schema, FieldNaming.SnakeCase, options);
            return Spelled(output => new DebeziumRowWriter(output, columns, skipped: null, isKeyOnly: false).Write(0, text));
        }

        Assert.Equal($",\"n\":\"{text}\"", Of(new DebeziumOptions { Decimals = DecimalMode.String }));
        Assert.Equal($",\"n\":\"{text}\"", Of(new DebeziumOptions { Decimals = DecimalMode.Double }));
        Assert.Equal(",\"n\":null", Of(new DebeziumOptions { NotFinite = NotFiniteMode.Null }));
        Assert.Throws<CdcFlowException>(() => Of(new DebeziumOptions()));
        Assert.Throws<CdcFlowException>(() => Of(new DebeziumOptions { NotFinite = NotFiniteMode.Null }, isNullable: false));
    }

    [Fact]
    public void Every_day_is_the_calendars()
    {
        for (var day = DateOnly.MinValue; day < DateOnly.MaxValue; day = day.AddDays(1))
        {
            var days = CivilDate.ToDays(day.Year, day.Month, day.Day);
            Assert.True(days == Moment.Of(day).Days && CivilDate.Of(days) == (day.Year, day.Month, day.Day), $"{day:O}");
        }

        Assert.Equal((-4713L, 11, 24), CivilDate.Of(CivilDate.ToDays(-4713, 11, 24)));
        Assert.Equal((5_874_897L, 12, 31), CivilDate.Of(CivilDate.ToDays(5_874_897, 12, 31)));
    }

    [Fact]
    public void Timestamp_is_the_same_from_its_text_and_from_its_value()
    {
        var random = new Random(9);
        foreach (var form in new[] { ValueForm.MillisTimestamp, ValueForm.MicrosTimestamp, ValueForm.IsoTimestamp, ValueForm.ZonedTimestamp, ValueForm.Days, ValueForm.IsoDate })
        {
            for (var round = 0; round < 2000; round++)
            {
                var value = Arbitrary.DateTime(random);
                var text = value.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
                var typed = Spelled(output => Append(output, form, Moment.Of(value)));
                Assert.Equal(typed, Spelled(output => TextValue.Append(output, form, 0, text)));
                Assert.Equal(Expected(form, value), typed);
            }
        }
    }

    [Theory]
    [InlineData("0044-03-15 12:00:00 BC", "\"-0043-03-15T12:00:00Z\"")]
    [InlineData("0001-01-01 00:00:00 BC", "\"0000-01-01T00:00:00Z\"")]
    [InlineData("294276-12-31 23:59:59.999999", "\"+294276-12-31T23:59:59.999999Z\"")]
    [InlineData("2026-01-01 01:30:00+05:30", "\"2025-12-31T20:00:00Z\"")]
    [InlineData("2025-12-31 23:30:00-01", "\"2026-01-01T00:30:00Z\"")]
    public void Years_and_zones_beyond_the_clr_types_are_kept(string text, string iso) =>
        Assert.Equal(iso, Spelled(output => TextValue.Append(output, ValueForm.ZonedTimestamp, 0, text)));

    [Theory]
    [InlineData("-00:00:00.5", "\"P0Y0M0DT0H0M-0.5S\"", "-500000")]
    [InlineData("1 year 2 mons -3 days +04:05:06.7", "\"P1Y2M-3DT4H5M6.7S\"", "36572706700000")]
    [InlineData("2 days", "\"P0Y0M2DT0H0M0S\"", "172800000000")]
    [InlineData("00:00:00", "\"P0Y0M0DT0H0M0S\"", "0")]
    public void Intervals_keep_their_signs(string text, string iso, string microseconds)
    {
        Assert.Equal(iso, Spelled(output => TextValue.Append(output, ValueForm.IsoInterval, 0, text)));
        Assert.Equal(microseconds, Spelled(output => TextValue.Append(output, ValueForm.MicroDuration, 0, text)));
    }

    [Theory]
    [InlineData(ValueForm.Bytes, "\"//79\"")]
    [InlineData(ValueForm.Base64UrlSafe, "\"__79\"")]
    [InlineData(ValueForm.Hex, "\"fffefd\"")]
    internal void Bytes_are_written_as_asked(ValueForm form, string json) => Assert.Equal(json, Spelled(output => BytesValue.Append(output, form, [0xff, 0xfe, 0xfd])));

    [Theory]
    [InlineData(1, "\"_w==\"")]
    [InlineData(2, "\"__8=\"")]
    public void Url_safe_base64_is_padded(int count, string json) =>
        Assert.Equal(json, Spelled(output => BytesValue.Append(output, ValueForm.Base64UrlSafe, Enumerable.Repeat((byte)0xff, count).ToArray())));

    [Theory]
    [InlineData("100000001", "\"AQE=\"")]
    [InlineData("1000000000000", "\"ABA=\"")]
    public void Bits_are_counted_from_the_last(string bits, string json) => Assert.Equal(json, Spelled(output => TextValue.Append(output, ValueForm.Bits, 0, bits)));

    [Theory]
    [InlineData("")]
    [InlineData("infinit")]
    [InlineData("2026-13")]
    [InlineData("12:00:xx")]
    [InlineData("(1,2")]
    [InlineData("\"k\"=>")]
    [InlineData("1.2.3")]
    [InlineData("€")]
    public void Text_that_is_no_value_of_the_column_is_refused(string text)
    {
        foreach (var form in Enum.GetValues<ValueForm>().Where(form => form is not (ValueForm.Text or ValueForm.HstoreJson or ValueForm.Bits) || text.Length > 0).Except([ValueForm.Text]))
        {
            using var output = new ByteBuffer();
            var error = Record.Exception(() => TextValue.Append(output, form, 2, text));
            Assert.True(error is CdcFlowException { Code: FormatErrors.ValueNotHeld }, $"{form} took '{text}': {Encoding.UTF8.GetString(output.Written)}");
            Assert.Equal(0, output.Length);
        }
    }

    [Fact]
    public void Hstore_is_an_object_in_a_text()
    {
        var json = Spelled(output => TextValue.Append(output, ValueForm.HstoreJson, 0, """
            "a\"b"=>"c\\d", "n"=>NULL, "é"=>""
            """));
        Assert.Equal("""{"a\"b":"c\\d","n":null,"é":""}""", JsonElement.Parse(json).GetString());
    }

    private static void Append(ByteBuffer output, ValueForm form, Moment value)
    {
        if (form is ValueForm.Days or ValueForm.IsoDate)
        {
            DateValue.Append(output, form, value);
        }
        else
        {
            TimestampValue.Append(output, form, value);
        }
    }

    private static string Expected(ValueForm form, DateTime value)
    {
        var since = value - DateTime.UnixEpoch;
        return form switch
        {
            ValueForm.MillisTimestamp => $"{(long)Math.Floor(since.Ticks / (decimal)TimeSpan.TicksPerMillisecond)}",
            ValueForm.MicrosTimestamp => $"{since.Ticks / TimeSpan.TicksPerMicrosecond}",
            ValueForm.Days => $"{(long)Math.Floor(since.TotalDays)}",
            ValueForm.IsoDate => $"\"{value:yyyy-MM-dd}Z\"",
            _ => $"\"{value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)}Z\"",
        };
    }

    private static BigInteger Unscaled(decimal value)
    {
        var parts = decimal.GetBits(value);
        var size = ((BigInteger)(uint)parts[2] << 64) | ((BigInteger)(uint)parts[1] << 32) | (uint)parts[0];
        return parts[3] < 0 ? -size : size;
    }

    private static string Spelled(Action<ByteBuffer> append)
    {
        using var output = new ByteBuffer(16);
        append(output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
