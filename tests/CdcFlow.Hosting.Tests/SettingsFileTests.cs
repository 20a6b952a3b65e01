using CdcFlow.Sinks;
using CdcFlow.Testing;
using Microsoft.Extensions.Configuration.Json;

namespace CdcFlow.Hosting.Tests;

/// <summary>The settings file of the working directory, which the whole process has in common: nothing else runs meanwhile.</summary>
[Collection(nameof(SettingsFileTests))]
[CollectionDefinition(nameof(SettingsFileTests), DisableParallelization = true)]
public sealed class SettingsFileTests : IDisposable
{
    private readonly string before = Directory.GetCurrentDirectory();
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-settings-").FullName;

    public SettingsFileTests() => Directory.SetCurrentDirectory(directory);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("{\n  \"CdcFlow\": oops\n}", "LineNumber: 1")]
    [InlineData("{\n  \"CdcFlow\": oops\n}", "Fix the file at line 2:")]
    [InlineData("", "Fix the file at line 1:")]
    [InlineData("{\n\n", "Fix the file at line 3:")]
    [InlineData("{ \"CdcFlow\": { \"x\": 1 },\n \"cdcflow\": { \"X\": 2 } }", "CdcFlow")]
    public async Task File_that_is_no_json_or_says_something_twice_is_named_with_its_line(string text, string named)
    {
        await File.WriteAllTextAsync("appsettings.json", text, TestContext.Current.CancellationToken);

        var run = await ProgramRun.OfAsync<CheckedPipeline>(["validate"]);

        Assert.True(run.Code == ExitCode.Invalid, run.All);
        Assert.StartsWith("CDCF1015", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Files_are_read_once_and_not_watched()
    {
        await File.WriteAllTextAsync("appsettings.json", "{}", TestContext.Current.CancellationToken);
        var files = new List<JsonConfigurationSource>();
        await ProgramRun.OfAsync<CheckedPipeline>(["validate"], builder => files.AddRange(builder.Configuration.Sources.OfType<JsonConfigurationSource>()));
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.ReloadOnChange));
    }

    [Fact]
    [Trait("WayOut", "CDCF1015")]
    public async Task File_that_is_fixed_at_the_line_that_was_named_is_read()
    {
        var database = InMemoryDatabase.Named("file-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await File.WriteAllTextAsync("appsettings.json", "{\n  \"CdcFlow\": { \"file\": { \"Checkpoint\": { \"Store\": store } } }\n}", TestContext.Current.CancellationToken);
        for (var start = 0; start < 2; start++)
        {
            var refused = await ProgramRun.OfAsync<FilePipeline>(["run", "--until-caught-up"]);
            Assert.Equal(ExitCode.Invalid, refused.Code);
            Assert.Contains("CDCF1015", refused.All, StringComparison.Ordinal);
            Assert.Contains("LineNumber: 1", refused.All, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync("appsettings.json", "{\n  \"CdcFlow\": { \"file\": { \"Checkpoint\": { \"Store\": \"store\" } } }\n}", TestContext.Current.CancellationToken);
        var run = await ProgramRun.OfAsync<FilePipeline>(["run", "--until-caught-up"]);
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Equal(database.Rows<Item>(item => item.Id).Count, InMemorySinkServer.Named("file-out", SinkKind.Transactional).Rows("file-out").Count);
    }

    [Fact]
    [Trait("WayOut", "CDCF1012")]
    public async Task Store_of_development_is_named_and_goes_on_when_it_is_set()
    {
        InMemoryDatabase.Named("default-store-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        for (var start = 0; start < 2; start++)
        {
            var warned = await ProgramRun.OfAsync<DefaultStorePipeline>(["run", "--until-caught-up", "--environment", "Development"]);
            Assert.True(warned.Code == ExitCode.Ok, warned.All);
            Assert.Contains("CDCF1012: Pipeline default-store keeps its checkpoints in", warned.All, StringComparison.Ordinal);
        }

        var run = await ProgramRun.OfAsync<DefaultStorePipeline>(
            ["run", "--until-caught-up", "--environment", "Production", "--set", $"CdcFlow:default-store:Checkpoint:Store={Path.Combine("cdcflow-state", "default-store")}"]);
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.DoesNotContain("CDCF1012", run.All, StringComparison.Ordinal);
        Assert.Contains("goes on from checkpoint 2@", run.All, StringComparison.Ordinal);
    }
}
