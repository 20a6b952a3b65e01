using System.Text.Json;

namespace CdcFlow.Hosting.Tests;

public sealed class ValidateTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-host-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Each_check_is_a_line_and_what_fixes_it_follows()
    {
        var run = await ValidateAsync("Host=broken");
        Assert.Equal(ExitCode.Invalid, run.Code);
        Assert.StartsWith(
            """
            source shop
              ✓ version: PostgreSQL 18.
              ! superuser: The role may do everything. [CDCF9001]
                  ALTER ROLE cdc NOSUPERUSER;
              ✗ wal_level: It is replica. [CDCF9002]
                  ALTER SYSTEM SET wal_level = logical;
                  -- then restart the server
            sink lake
            sinks and checkpoints
              ✓ recovery: A start would begin afresh.
            checkpoints in nowhere
              ✓ folder: Only its owner may write it.
              ✓ newest: There are none yet: the first run starts afresh.

            """.ReplaceLineEndings(),
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_refuses_is_a_failed_check_and_the_others_are_made_all_the_same()
    {
        var run = await ValidateAsync("Host=refused");
        Assert.Equal(ExitCode.Invalid, run.Code);
        Assert.Contains("source shop\n  ✗ connection: The server refused the password. [CDCF9003]\n      Set another.\nsink lake", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("checkpoints in nowhere", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_alone_pass() => Assert.Equal(ExitCode.Ok, (await ValidateAsync("Host=fine")).Code);

    [Fact]
    public async Task Json_has_the_same_facts()
    {
        var run = await ValidateAsync("Host=broken", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var failed = Assert.Single(document.RootElement.EnumerateArray(), check => check.GetProperty("status").GetString() == "failed");
        Assert.Equal("source shop", failed.GetProperty("subject").GetString());
        Assert.Equal("CDCF9002", failed.GetProperty("code").GetString());
        Assert.StartsWith("ALTER SYSTEM", failed.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_checks_first_and_does_not_start_when_a_check_fails()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(
            ["run", "--set", "ConnectionStrings:shop=Host=broken", "--set", $"CdcFlow:checked:Checkpoint:Store={directory}"]);
        Assert.Equal(ExitCode.Invalid, run.Code);
        Assert.Contains("CDCF2011", run.All, StringComparison.Ordinal);
        Assert.Contains("ALTER SYSTEM SET wal_level = logical;", run.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite, "✗ folder", "CDCF3025", ExitCode.Invalid)]
    [InlineData(UnixFileMode.GroupWrite, "! folder", "CDCF3026", ExitCode.Ok)]
    [Trait("WayOut", "CDCF3026")]
    public async Task Store_that_others_may_write_is_refused_or_warned_of_before_a_run_too_and_chmod_is_the_way_out(UnixFileMode open, string check, string code, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            string[] settings = ["--set", "ConnectionStrings:shop=Host=fine", "--set", $"CdcFlow:checked:Checkpoint:Store={directory}"];
            File.SetUnixFileMode(directory, own | open);
            var validated = await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings]);
            Assert.Contains(check, validated.Output, StringComparison.Ordinal);
            Assert.Contains(code, validated.Output, StringComparison.Ordinal);
            Assert.Equal(exitCode, validated.Code);
            if (exitCode != ExitCode.Ok)
            {
                var run = await ProgramRun.OfAsync<CheckedPipeline>(["run", .. settings]);
                Assert.Equal(exitCode, run.Code);
                Assert.Contains($"{code}: ", run.All, StringComparison.Ordinal);
                Assert.Contains("✓ folder", (await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings[..^1], settings[^1] + "/store"])).Output, StringComparison.Ordinal);
                Assert.Contains($"Run: chmod o-w '{directory}', or set Checkpoint:Store to a folder below it ('{Path.Combine(directory, "store")}')", run.All, StringComparison.Ordinal);
            }

            File.SetUnixFileMode(directory, own);
            Assert.Contains("✓ folder", (await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings])).Output, StringComparison.Ordinal);
        }
    }

    private static Task<ProgramRun> ValidateAsync(string shop, params string[] options) => ProgramRun.OfAsync<CheckedPipeline>(
        ["validate", "--set", $"ConnectionStrings:shop={shop}", "--set", "CdcFlow:checked:Checkpoint:Store=nowhere", .. options]);
}
