using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>A program whose configuration is wrong line by line: each line is fixed as it says, and the pipeline runs.</summary>
public sealed class ConfigurationTests : WayOutTest
{
    [Fact]
    [Trait("WayOut", "CDCF1001")]
    [Trait("WayOut", "CDCF1002")]
    [Trait("WayOut", "CDCF1003")]
    [Trait("WayOut", "CDCF1010")]
    [Trait("WayOut", "CDCF1011")]
    [Trait("WayOut", "CDCF1014")]
    public async Task Every_line_of_a_wrong_configuration_is_fixed_as_it_says()
    {
        var database = Database("configured-db");
        string[] wrong =
        [
            "CdcFlow:configured:Checkpoint:Interval=10", "CdcFlow:configured:Checkpoint:Timeot=00:00:10", "CdcFlow:configured:Sources:configured:ChunkRows=5",
            "CdcFlow:configured:Sources:configured-db:ChunkRow=5", "ConnectionStrings:configured-out=anywhere",
        ];
        var said = await TwiceAsync(wrong);
        Assert.Contains(HostingErrorCodes.ConfigurationInvalid, said, StringComparison.Ordinal);
        Assert.Contains("CdcFlow:configured:Checkpoint:Interval (environment: CdcFlow__configured__Checkpoint__Interval): '10' is not a length of time such as 00:00:10", said, StringComparison.Ordinal);
        Assert.Contains("CdcFlow:configured:Checkpoint:Timeot (environment: CdcFlow__configured__Checkpoint__Timeot): there is no such key; there are AbortedMax, Interval, LeaseWait, Retain, Store, Timeout", said, StringComparison.Ordinal);
        Assert.Contains("the pipeline has no such name; there are configured-db", said, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:configured-out (environment: ConnectionStrings__configured-out): the connector does not take it (FormatException): write it as keyword=value;keyword=value", said, StringComparison.Ordinal);
        Assert.Contains("there is no such key; there are ChunkRows", said, StringComparison.Ordinal);

        said = await TwiceAsync("CdcFlow:configured:Checkpoint:Interval=00:00:10");
        Assert.Contains("ConnectionStrings:configured-out", said, StringComparison.Ordinal);
        Assert.Contains("CDCF1002", (await ValidateAsync()).All, StringComparison.Ordinal);

        string[] right =
        [
            "CdcFlow:configured:Checkpoint:Interval=00:00:10", "CdcFlow:configured:Checkpoint:Timeout=00:00:10", "CdcFlow:configured:Sources:configured-db:ChunkRows=5",
            "ConnectionStrings:configured-out=Host=anywhere",
        ];
        Assert.Equal(ExitCode.Ok, (await ValidateAsync(right)).Code);
        await GoesOnAsync<ConfiguredPipeline>(Set(right));
        AssertSame(database, "configured-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF1004")]
    public async Task Service_that_is_missing_is_registered()
    {
        var database = Database("served-db");
        var said = await FailsTwiceAsync<ServedPipeline>(ErrorCodes.ServiceMissing);
        Assert.Contains("Register it, as in app.Services.AddSingleton<INames, …>()", said, StringComparison.Ordinal);
        var run = await ProgramRun.OfAsync<ServedPipeline>(
            ["run", "--until-caught-up", "--set", $"CdcFlow:served:Checkpoint:Store={Store}"], builder => builder.Services.AddSingleton<INames, SameNames>());
        Assert.True(run.Code == ExitCode.Ok, run.All);
        AssertSame(database, "served-out");
    }

    private static string[] Set(params string[] settings) => [.. settings.SelectMany(setting => new[] { "--set", setting })];

    private Task<string> TwiceAsync(params string[] settings) => FailsTwiceAsync<ConfiguredPipeline>(HostingErrorCodes.ConfigurationInvalid, ExitCode.Invalid, Set(settings));

    private Task<ProgramRun> ValidateAsync(params string[] settings) =>
        ProgramRun.OfAsync<ConfiguredPipeline>(["validate", "--set", $"CdcFlow:configured:Checkpoint:Store={Store}", .. Set(settings)]);

    private sealed class SameNames : INames
    {
        public string Of(Item item) => item.Name;
    }
}
