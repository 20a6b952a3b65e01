using System.Globalization;
using System.Text;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Tests.Types;

public class ScalarTextTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.01", "-0.01")]
    [InlineData("1.10", "1.10")]
    [InlineData("999999999999999999.9", "999999999999999999.9")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950336", null)]
    [InlineData("1.00000000000000000000000000000000", "1.0000000000000000000000000000")]
    [InlineData("0.12345678901234567890123456789", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("-Infinity", null)]
    [InlineData("1e5", null)]
    [InlineData("", null)]
    public void A_decimal_keeps_its_scale_and_is_never_rounded(string text, string? expected) =>
        Assert.Equal(expected, NumberText.TryDecimal(Bytes(text), out var value) ? value.ToString(CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("$1,234.56", 2, "1234.56")]
    [InlineData("-$0.01", 2, "-0.01")]
    [InlineData("(€1.234,50)", 2, "-1234.50")]
    [InlineData("¥1,234", 0, "1234")]
    [InlineData("nothing", 2, null)]
    public void Money_is_its_digits_with_the_locales_scale(string text, int scale, string? expected) =>
        Assert.Equal(expected, NumberText.TryMoney(Bytes(text), scale, out var value) ? value.ToString(CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("2026-02-28", "2026-02-28")]
    [InlineData("9999-12-31", "9999-12-31")]
    [InlineData("0001-01-01", "0001-01-01")]
    [InlineData("10000-01-01", null)]
    [InlineData("0044-03-15 BC", null)]
    [InlineData("infinity", null)]
    [InlineData("2026-02-29", null)]
    public void A_date_outside_dotnets_years_does_not_fit(string text, string? expected) =>
        Assert.Equal(expected, TemporalText.TryDate(Bytes(text), out var value) ? value.ToString("O", CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("2026-03-29 01:30:00.123456+00", "2026-03-29T01:30:00.1234560+00:00")]
    [InlineData("2026-03-29 01:30:00.1+00", "2026-03-29T01:30:00.1000000+00:00")]
    [InlineData("2026-03-29 01:30:00+00", "2026-03-29T01:30:00.0000000+00:00")]
    [InlineData("2026-03-29 01:30:00+02", null)]
    [InlineData("0044-03-15 12:00:00+00 BC", null)]
    [InlineData("-infinity", null)]
    public void An_instant_is_read_in_utc_only(string text, string? expected) =>
        Assert.Equal(expected, TemporalText.TryInstant(Bytes(text), out var value) ? value.ToString("O", CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("00:00:00.000001", "00:00:00.0000010")]
    [InlineData("24:00:01", null)]
    [InlineData("12:60:00", null)]
    public void A_time_may_be_the_end_of_the_day(string text, string? expected)
    {
        Assert.Equal(expected, TemporalText.TryTime(Bytes(text), out var value) ? value.ToString("c", CultureInfo.InvariantCulture) : null);
        Assert.Equal(expected is not null && value < TimeSpan.FromDays(1), TemporalText.TryTimeOnly(Bytes(text), out _));
    }

    [Theory]
    [InlineData("23:59:59.5+05:30")]
    [InlineData("00:00:00-14")]
    [InlineData("24:00:00+00")]
    [InlineData("01:02:03.000004-00:30:15")]
    public void A_time_with_zone_writes_itself_as_the_server_does(string text)
    {
        Assert.True(TemporalText.TryTimeTz(Bytes(text), out var value));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("1 year 2 mons 3 days 04:05:06.789", 14, 3, 14_706_789_000)]
    [InlineData("-1 mons -1 days -00:00:01", -1, -1, -1_000_000)]
    [InlineData("-1 years +2 days", -12, 2, 0)]
    [InlineData("1 mon", 1, 0, 0)]
    [InlineData("00:00:00", 0, 0, 0)]
    [InlineData("2562047788:00:54.775807", 0, 0, 9_223_372_036_854_775_807)]
    public void An_interval_keeps_months_days_and_time_apart(string text, int months, int days, long microseconds)
    {
        Assert.True(IntervalText.TryParse(Bytes(text), out var value));
        Assert.Equal(new PostgresInterval(months, days, microseconds), value);
        Assert.Equal(text, value.ToString());
    }

    [Fact]
    public void An_interval_with_months_is_no_length_of_time()
    {
        Assert.False(new PostgresInterval(1, 0, 0).TryToTimeSpan(out _));
        Assert.True(new PostgresInterval(0, 2, 1).TryToTimeSpan(out var value));
        Assert.Equal(TimeSpan.FromDays(2) + TimeSpan.FromMicroseconds(1), value);
    }

    [Theory]
    [InlineData("12345678901234567890.12345678901234567890")]
    [InlineData("-0.0001")]
    [InlineData("7")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    public void A_numeric_of_any_size_writes_itself_as_the_server_does(string text)
    {
        Assert.True(PostgresNumeric.TryParse(Bytes(text), out var value));
        Assert.Equal(text, value.ToString());
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
