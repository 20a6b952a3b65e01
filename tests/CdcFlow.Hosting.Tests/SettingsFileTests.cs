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
    [InlineData("{ \"CdcFlow\": { \"x\": 1 },\n \"cdcflow\": { \"X\": 2 } }", "CdcFlow")]
    public async Task File_that_is_no_json_or_says_something_twice_is_named_with_its_line(string text, string named)
    {
        await File.WriteAllTextAsync("appsettings.json", text, TestContext.Current.CancellationToken);

        var run = await ProgramRun.OfAsync<CheckedPipeline>(["validate"]);

        Assert.True(run.Code == ExitCode.Invalid, run.All);
        Assert.StartsWith("CDCF1015", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.OrdinalIgnoreCase);
    }
}
