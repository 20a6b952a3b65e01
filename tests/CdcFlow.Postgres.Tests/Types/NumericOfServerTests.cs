using System.Globalization;
using System.Text;
using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Tests.Types;

public class NumericOfServerTests(PostgresFixture fixture)
{
    [Fact]
    public async Task Binary_and_text_give_the_same_decimal_or_both_none_for_numbers_of_every_size()
    {
        var golden = await GoldenTypes.OnAsync(await fixture.ServerAsync(), TestContext.Current.CancellationToken);
        using var connection = golden.Connect(TestContext.Current.CancellationToken);
        var values = string.Join(", ", Numbers().Select(number => $"('{number}'::numeric)"));

        var copy = connection.CopyOut(
            $"COPY (SELECT v, pg_catalog.textin(pg_catalog.numeric_out(v)) FROM (VALUES {values}) AS t (v)) TO STDOUT (FORMAT binary)");
        int fitting = 0, rows = 0;
        while (copy.Read(out var row))
        {
            var text = Encoding.ASCII.GetString(row[1]);
            var fromBinary = BinaryNumeric.TryDecimal(row[0], out var binary);

            Assert.Equal(NumberText.TryDecimal(row[1], out var expected), fromBinary);
            if (fromBinary)
            {
                Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), binary.ToString(CultureInfo.InvariantCulture));
                Assert.Equal(text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text, Plain(binary));
                fitting++;
            }

            rows++;
        }

        Assert.Equal(Numbers().Count(), rows);
        Assert.InRange(fitting, rows / 3, rows - 1);
    }

    private static string Plain(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbers()
    {
        yield return "NaN";
        yield return "79228162514264337593543950335";
        yield return "79228162514264337593543950336";
        yield return "1.0000000000000000000000000000000000";
        yield return "-0.00000000000000000000000000001";
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new Random(seed);
            var whole = Digits(random, random.Next(1, 24));
            var fraction = Digits(random, random.Next(0, 20));
            yield return $"{(random.Next(2) == 0 ? "-" : "")}{whole}{(fraction.Length > 0 ? "." + fraction : "")}";
        }
    }

    private static string Digits(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + (random.Next(3) == 0 ? 0 : random.Next(10)))));
}
