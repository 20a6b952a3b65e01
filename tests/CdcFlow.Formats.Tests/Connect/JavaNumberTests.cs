using System.Globalization;
using System.Text;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Tests.Connect;

public sealed class JavaNumberTests
{
    [Theory]
    [InlineData(0d, "0.0")]
    [InlineData(-0d, "-0.0")]
    [InlineData(1d, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9E-4")]
    [InlineData(9999999d, "9999999.0")]
    [InlineData(10000000d, "1.0E7")]
    [InlineData(123456789012345680d, "1.2345678901234568E17")]
    [InlineData(1e23, "1.0E23")]
    [InlineData(double.MaxValue, "1.7976931348623157E308")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    public void Doubles_are_spelled_as_java_does(double value, string text) => Assert.Equal(text, Spelled(output => JavaNumber.Append(output, value)));

    [Theory]
    [InlineData(3.4028235e38f, "3.4028235E38")]
    [InlineData(0.1f, "0.1")]
    [InlineData(1.17549435E-38f, "1.1754944E-38")]
    public void Floats_are_spelled_as_java_does(float value, string text) => Assert.Equal(text, Spelled(output => JavaNumber.Append(output, value)));

    [Fact]
    public void Any_number_reads_back_as_itself()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var value = Arbitrary.Double(random);
            var single = (float)value;
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(Spelled(output => JavaNumber.Append(output, value)), CultureInfo.InvariantCulture));
            }

            if (float.IsFinite(single))
            {
                Assert.Equal(single, float.Parse(Spelled(output => JavaNumber.Append(output, single)), CultureInfo.InvariantCulture));
            }
        }
    }

    private static string Spelled(Action<ByteBuffer> append)
    {
        using var output = new ByteBuffer(16);
        append(output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
