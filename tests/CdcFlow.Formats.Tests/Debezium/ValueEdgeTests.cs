using System.Text;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Values;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests.Debezium;

/// <summary>The last value that each form holds, and the first that it does not: that one is refused, and never wrapped, rounded or cut.</summary>
public sealed class ValueEdgeTests
{
    [Theory]
    [InlineData("294247-01-10 04:00:54.775807", long.MaxValue)]
    [InlineData("294276-12-31 23:59:59.999999", null)]
    [InlineData("4713-01-01 00:00:00 BC", -210863520000000000)]
    public void Timestamps_in_microseconds_end_in_the_year_294247(string text, long? microseconds) =>
        Check(ValueForm.MicrosTimestamp, text, microseconds?.ToString(), "Times = IsoString");

    [Theory]
    [InlineData(ValueForm.MillisTimestamp, "9224318015999999")]
    [InlineData(ValueForm.IsoTimestamp, "\"+294276-12-31T23:59:59.999999Z\"")]
    internal void Other_forms_hold_the_servers_last_timestamp(ValueForm form, string json) => Check(form, "294276-12-31 23:59:59.999999", json);

    [Theory]
    [InlineData("2562047788:00:54.775807", "9223372036854775807", "\"P0Y0M0DT2562047788H0M54.775807S\"")]
    [InlineData("-2562047788:00:54.775808", "-9223372036854775808", "\"P0Y0M0DT-2562047788H0M-54.775808S\"")]
    [InlineData("292271 years", "9223371309600000000", "\"P292271Y0M0DT0H0M0S\"")]
    [InlineData("292272 years", null, "\"P292272Y0M0DT0H0M0S\"")]
    [InlineData("178956970 years 7 mons 2147483647 days 2562047788:00:54.775807", null, "\"P178956970Y7M2147483647DT2562047788H0M54.775807S\"")]
    [InlineData("-178956970 years -8 mons", null, "\"P-178956970Y-8M0DT0H0M0S\"")]
    public void Intervals_in_microseconds_end_after_292271_years(string text, string? microseconds, string iso)
    {
        Check(ValueForm.MicroDuration, text, microseconds, "Intervals = String");
        Check(ValueForm.IsoInterval, text, iso);
    }

    [Theory]
    [InlineData("5874897-12-31", "2145042905")]
    [InlineData("4713-01-01 BC", "-2440550")]
    [InlineData("2026-02-29", null)]
    [InlineData("2024-02-29", "19782")]
    [InlineData("2026-13-01", null)]
    [InlineData("2026-00-10", null)]
    [InlineData("9999999999-01-01", null)]
    public void Dates_are_the_calendars(string text, string? days) => Check(ValueForm.Days, text, days);

    [Theory]
    [InlineData("24:00:00", "86400000000")]
    [InlineData("24:00:01", null)]
    [InlineData("12:60:00", null)]
    [InlineData("12:00:60", null)]
    [InlineData("99999999999999:00:00", null)]
    public void Times_of_a_day_end_with_it(string text, string? microseconds) => Check(ValueForm.MicrosOfDay, text, microseconds);

    [Fact]
    public void Span_below_zero_or_beyond_a_day_is_no_time_of_day()
    {
        foreach (var span in new[] { TimeSpan.FromTicks(-1), TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) })
        {
            Assert.Contains("time of day", Refused(typeof(TimeSpan), "time", writer => writer.Write(0, span)).Happened, StringComparison.Ordinal);
        }

        Assert.Equal(",\"n\":86400000000", Written(typeof(TimeSpan), "time", writer => writer.Write(0, TimeSpan.FromDays(1))));
    }

    [Theory]
    [InlineData("smallint", 32767)]
    [InlineData("integer", 2147483647)]
    public void Integers_end_with_their_schemas_type(string type, long most)
    {
        foreach (var value in new[] { most, -most - 1 })
        {
            Assert.Equal($",\"n\":{value}", Written(typeof(long), type, writer => writer.Write(0, value)));
            Assert.Equal($",\"n\":{value}", Written(typeof(decimal), type, writer => writer.Write(0, (decimal)value)));
            Assert.Equal($",\"n\":{value}", Written(typeof(string), type, writer => writer.Write(0, value.ToString())));
        }

        foreach (var value in new[] { most + 1, -most - 2 })
        {
            Assert.Contains("numeric(20,0)", Refused(typeof(long), type, writer => writer.Write(0, value)).Fix, StringComparison.Ordinal);
            Refused(typeof(decimal), type, writer => writer.Write(0, (decimal)value));
            Refused(typeof(string), type, writer => writer.Write(0, value.ToString()));
            Refused(typeof(long[]), $"{type}[]", writer => writer.Write(0, new[] { value }));
        }
    }

    [Fact]
    public void Unsigned_integers_end_with_the_largest_signed_one()
    {
        Refused(typeof(ulong), "bigint", writer => writer.Write(0, ulong.MaxValue));
        Assert.Equal(",\"n\":9223372036854775807", Written(typeof(ulong), "bigint", writer => writer.Write(0, (ulong)long.MaxValue)));
    }

    [Fact]
    public void Floating_points_hold_what_they_hold_exactly()
    {
        Assert.Equal(",\"n\":0.1", Written(typeof(double), "real", writer => writer.Write(0, (double)0.1f)));
        Assert.Equal(",\"n\":\"NaN\"", Written(typeof(double), "real", writer => writer.Write(0, double.NaN)));
        Refused(typeof(double), "real", writer => writer.Write(0, 0.1));
        Refused(typeof(double), "real", writer => writer.Write(0, 1e300));
        Assert.Equal(",\"n\":0.1", Written(typeof(decimal), "double precision", writer => writer.Write(0, 0.1m)));
        Assert.Equal(",\"n\":0.1", Written(typeof(decimal), "real", writer => writer.Write(0, 0.1m)));
        Refused(typeof(decimal), "double precision", writer => writer.Write(0, 0.12345678901234567890m));
        Refused(typeof(long), "double precision", writer => writer.Write(0, (1L << 53) + 1));
        Refused(typeof(long), "real", writer => writer.Write(0, (1L << 24) + 1));
        Refused(typeof(string), "double precision", writer => writer.Write(0, "1e309"));
        Refused(typeof(string), "real", writer => writer.Write(0, "1e39"));
        Assert.Equal(",\"n\":\"-Infinity\"", Written(typeof(string), "real", writer => writer.Write(0, "-Infinity")));
        Refused(typeof(string), "numeric", writer => writer.Write(0, "1" + new string('0', 309)), new DebeziumOptions { Decimals = DecimalMode.Double });
    }

    [Theory]
    [InlineData("$1,234.56", "1234.56")]
    [InlineData("-$0.05", "-0.05")]
    [InlineData("($1,234,567.89)", "-1234567.89")]
    [InlineData("1.234,56 €", "1234.56")]
    [InlineData("-92.233.720.368.547.758,08 €", "-92233720368547758.08")]
    [InlineData("¥1,234,567", "1234567")]
    [InlineData("¥12", "12")]
    [InlineData("1,234", null)]
    [InlineData("$", null)]
    public void Money_as_the_servers_text_is_the_amount(string text, string? amount)
    {
        var precise = amount is null ? null : Written(typeof(decimal), "money", writer => writer.Write(0, decimal.Parse(amount)));
        var single = amount is null ? null : Written(typeof(decimal), "money", writer => writer.Write(0, decimal.Parse(amount)), new DebeziumOptions { Decimals = DecimalMode.Double });
        foreach (var (options, json) in new[]
        {
            (new DebeziumOptions(), precise),
            (new DebeziumOptions { Decimals = DecimalMode.Double }, single),
            (new DebeziumOptions { Decimals = DecimalMode.String }, $",\"n\":\"{amount}\""),
        })
        {
            if (amount is null)
            {
                Assert.Contains("decimal where it is money", Refused(typeof(string), "money", writer => writer.Write(0, text), options).Fix, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(json, Written(typeof(string), "money", writer => writer.Write(0, text), options));
            }
        }
    }

    [Fact]
    public void Hstore_as_a_dictionary_is_an_object_in_a_text()
    {
        var pairs = new Dictionary<string, string?> { ["a\"b"] = "c\\d", ["n"] = null, ["é"] = "" };
        const string expected = """
            ,"n":"{\"a\\\"b\":\"c\\\\d\",\"n\":null,\"é\":\"\"}"
            """;
        Assert.Equal(expected, Written(typeof(Dictionary<string, string>), "hstore", writer => writer.Write(0, pairs)));
        Assert.Equal(expected, Written(typeof(Dictionary<string, string>), null, writer => writer.Write(0, pairs)));
        Assert.Equal(",\"n\":\"{}\"", Written(typeof(Dictionary<string, string>), "hstore", writer => writer.Write(0, new Dictionary<string, string?>())));
    }

    private static void Check(ValueForm form, string text, string? json, string wayOut = "")
    {
        using var output = new ByteBuffer(16);
        if (json is not null)
        {
            TextValue.Append(output, form, 0, text);
            Assert.Equal(json, Encoding.UTF8.GetString(output.Written));
            return;
        }

        var error = Assert.Throws<CdcFlowException>(() => TextValue.Append(output, form, 0, text));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
        Assert.Contains(wayOut, error.Fix, StringComparison.Ordinal);
    }

    private static string Written(Type clr, string? type, Action<DebeziumRowWriter> write, DebeziumOptions? options = null)
    {
        var schema = new RowSchema("R", "r", null, new ColumnDescriptor("n", "N", clr, IsNullable: true, IsKey: false, type));
        using var output = new ByteBuffer(16);
        write(new DebeziumRowWriter(output, new DebeziumColumns(schema, FieldNaming.SnakeCase, options ?? new DebeziumOptions()), skipped: null, isKeyOnly: false));
        return Encoding.UTF8.GetString(output.Written);
    }

    private static CdcFlowException Refused(Type clr, string type, Action<DebeziumRowWriter> write, DebeziumOptions? options = null)
    {
        var error = Assert.Throws<CdcFlowException>(() => Written(clr, type, write, options));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
        return error;
    }
}
