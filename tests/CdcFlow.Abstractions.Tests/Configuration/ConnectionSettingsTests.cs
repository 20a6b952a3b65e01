using CdcFlow.Configuration;

namespace CdcFlow.Abstractions.Tests.Configuration;

/// <summary>Which sinks of a connection may say what of a setting that all of them share.</summary>
public sealed class ConnectionSettingsTests
{
    private const string Default = "30";

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("7", null, null, null)]
    [InlineData("7", null, "7", null)]
    [InlineData("7", null, null, "7")]
    [InlineData(null, "7", null, null)]
    [InlineData("5", "7", "5", null)] // configured for the first: holds for all that only their attributes say
    [InlineData("5", "7", "5", "7")]
    public void Sink_that_says_the_same_or_nothing_passes(string? first, string? firstConfigured, string? other, string? otherConfigured) =>
        Require(first, firstConfigured, other, otherConfigured);

    [Theory]
    [InlineData(null, null, "7", null)]
    [InlineData(null, null, null, "7")]
    [InlineData("7", null, "5", null)]
    [InlineData("7", null, null, "30")] // the default, but said
    [InlineData(null, "7", null, "5")]
    [InlineData("7", null, "7", "5")]
    public void Sink_that_says_otherwise_is_refused_with_both_settings(string? first, string? firstConfigured, string? other, string? otherConfigured)
    {
        var error = Assert.Throws<CdcFlowException>(() => Require(first, firstConfigured, other, otherConfigured));
        var (held, own) = (firstConfigured ?? first ?? Default, otherConfigured ?? other ?? Default);
        Assert.Equal(ErrorCodes.ConnectionSettingDiffers, error.Code);
        Assert.Equal($"Sink 'second' has Limit = {own}, and connection 'bus' has {held}, of its first sink 'first'.", error.Happened);
        Assert.Contains($"(Sinks:second:Limit={held})", error.Fix, StringComparison.Ordinal);
        Assert.Contains($"(Sinks:first:Limit={own})", error.Fix, StringComparison.Ordinal);
    }

    private static void Require(string? first, string? firstConfigured, string? other, string? otherConfigured)
    {
        var (one, two) = (Settings("first", firstConfigured), Settings("second", otherConfigured));
        var shared = new ConnectionSettings("bus", one, Value(firstConfigured ?? first), Value(null));
        shared.Require("first", one, Value(firstConfigured ?? first));
        shared.Require("second", two, Value(otherConfigured ?? other));
    }

    private static ConnectorSettings Settings(string sink, string? limit) => new($"Sinks:{sink}", property => property == "Limit" ? limit : null, []);

    private static Dictionary<string, string> Value(string? limit) => new() { ["Limit"] = limit ?? Default };
}
