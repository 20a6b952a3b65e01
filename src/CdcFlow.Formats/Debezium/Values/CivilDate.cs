namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Days since 1970-01-01 and dates of the proleptic Gregorian calendar, for any year.</summary>
/// <remarks>Years are counted astronomically: 1 BC is 0. The arithmetic works in eras of 400 years that begin in March, so that a leap day ends its year.</remarks>
internal static class CivilDate
{
    private const long DaysOfEra = 146_097;
    private const long DaysBeforeEpoch = 719_468; // from 0000-03-01 to 1970-01-01

    public static (long Year, int Month, int Day) Of(long days)
    {
        days += DaysBeforeEpoch;
        var era = FloorDivide(days, DaysOfEra);
        var dayOfEra = days - (era * DaysOfEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var march = ((5 * dayOfYear) + 2) / 153; // months since March
        var month = (int)(march < 10 ? march + 3 : march - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * march) + 2) / 5) + 1));
    }

    public static long ToDays(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = FloorDivide(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (era * DaysOfEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DaysBeforeEpoch;
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
