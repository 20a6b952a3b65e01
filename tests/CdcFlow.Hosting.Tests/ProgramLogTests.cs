using System.Text.Json;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests;

/// <summary>What a program writes while it runs, and what of the configuration decides that.</summary>
public sealed class ProgramLogTests
{
    private static readonly string store = Directory.CreateTempSubdirectory("cdcflow-told-").FullName;

    static ProgramLogTests() => InMemoryDatabase.Named("told-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();

    [Fact]
    public async Task Standard_output_is_left_to_the_rows_of_a_console_sink()
    {
        var run = await RunAsync();
        Assert.Empty(run.Output);
        Assert.Contains("info  Pipeline told has ended", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--set", "Logging:Console:FormatterName=json")]
    public async Task Each_line_of_a_log_for_machines_is_a_JSON_object(params string[] words)
    {
        var run = await RunAsync(words);
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var ended = Assert.Single(lines, line => line.GetProperty("event").GetInt32() == 1004);
        Assert.Equal("info", ended.GetProperty("level").GetString());
        Assert.Equal("CdcFlow.told", ended.GetProperty("category").GetString());
        Assert.Equal("told", ended.GetProperty("values").GetProperty("Pipeline").GetString());
        Assert.StartsWith("Pipeline told has ended", ended.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging:LogLevel:CdcFlow=Warning")]
    [InlineData("Logging:LogLevel:Default=Error")]
    [InlineData("Logging:Console:LogLevel:Default=None")]
    public async Task Levels_are_those_of_the_configuration(string setting) =>
        Assert.DoesNotContain("info ", (await RunAsync("--set", setting)).Error, StringComparison.Ordinal);

    [Fact]
    [Trait("WayOut", "CDCF1016")]
    public async Task Section_of_a_pipeline_that_there_is_not_is_warned_of_until_its_name_is_right()
    {
        var run = await RunAsync("--set", "CdcFlow:tolled:Memory=64MiB");
        Assert.Contains("warn  CDCF1016: configuration: CdcFlow:tolled configures a pipeline that this program does not have. If it is misspelt, write told;", run.Error, StringComparison.Ordinal);

        var validated = await ProgramRun.OfAsync<ToldPipeline>(["validate", "--set", $"CdcFlow:told:Checkpoint:Store={store}", "--set", "CdcFlow:tolled:Memory=64MiB"]);
        Assert.True(validated.Code == ExitCode.Ok, validated.All);
        Assert.Contains("! CdcFlow:tolled: ", validated.Output, StringComparison.Ordinal);
        Assert.Contains("[CDCF1016]", validated.Output, StringComparison.Ordinal);

        Assert.DoesNotContain("CDCF1016", (await RunAsync("--set", "CdcFlow:told:Memory=64MiB")).All, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> RunAsync(params string[] words) =>
        ProgramRun.OfAsync<ToldPipeline>(["run", "--until-caught-up", "--set", $"CdcFlow:told:Checkpoint:Store={store}", .. words]);
}
