using CdcFlow.Configuration;

namespace CdcFlow.Abstractions.Tests.Configuration;

public sealed class ConnectorSettingsTests
{
    private readonly List<ConfigurationProblem> problems = [];

    private ConnectorSettings Settings(string property, string? value) =>
        new("CdcFlow:orders:Sources:shop", asked => asked == property ? value : null, problems);

    [Fact]
    public void A_configured_value_overrides_the_attribute()
    {
        Assert.Equal(5, Settings("ChunkRows", "5").GetInt32("ChunkRows", 100));
        Assert.Equal(Startup.Latest, Settings("Startup", "latest").GetEnum("Startup", Startup.Initial));
        Assert.Equal(TimeSpan.FromSeconds(3), Settings("Interval", "00:00:03").GetTimeSpan("Interval", TimeSpan.Zero));
        Assert.True(Settings("CreateTable", "true").GetBoolean("CreateTable", false));
        Assert.Empty(problems);
    }

    [Fact]
    public void Without_configuration_the_attribute_holds()
    {
        Assert.Equal(100, Settings("ChunkRows", null).GetInt32("ChunkRows", 100));
        Assert.Null(Settings("Slot", null).GetString("Slot", null));
    }

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("99999999999999999999")]
    public void A_bad_number_is_reported_with_its_key_and_the_attribute_holds(string value)
    {
        Assert.Equal(100, Settings("ChunkRows", value).GetInt32("ChunkRows", 100, min: 1));
        var problem = Assert.Single(problems);
        Assert.Equal(("CDCF1001", "CdcFlow:orders:Sources:shop:ChunkRows"), (problem.Code, problem.Key));
    }

    [Fact]
    public void A_bad_enum_names_the_members()
    {
        Assert.Equal(Startup.Initial, Settings("Startup", "7").GetEnum("Startup", Startup.Initial));
        Assert.Contains("Initial, Latest", Assert.Single(problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Asked_properties_are_known()
    {
        var settings = Settings("A", "1");
        settings.GetInt32("A", 0);
        settings.GetString("B", null);
        Assert.Equal(["A", "B"], settings.Known.Order());
    }

    [Theory]
    [InlineData("00:00:10", 10_000)]
    [InlineData("1.00:00:00.5", 86_400_500)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("10 s", 10_000)]
    [InlineData("1.5min", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("40d", 3_456_000_000)]
    [InlineData("0s", 0)]
    [InlineData("0", 0)]
    public void Length_of_time_is_read_with_its_unit(string text, double milliseconds)
    {
        var problems = new List<ConfigurationProblem>();
        var settings = new ConnectorSettings("x", _ => text, problems);
        Assert.Equal(milliseconds, settings.GetTimeSpan("Wait", TimeSpan.FromDays(7)).TotalMilliseconds);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("10:00")]
    [InlineData("-00:00:01")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("25:61:00")]
    [InlineData("999999999999999d")]
    [InlineData("99999999999.00:00:00")]
    [InlineData("10 seconds")]
    [InlineData("")]
    public void Length_of_time_without_a_unit_or_out_of_range_is_a_problem(string text)
    {
        var problems = new List<ConfigurationProblem>();
        var settings = new ConnectorSettings("x", _ => text, problems);
        Assert.Equal(TimeSpan.FromDays(7), settings.GetTimeSpan("Wait", TimeSpan.FromDays(7)));
        Assert.Equal(ErrorCodes.ConfigurationValue, Assert.Single(problems).Code);
    }
}
