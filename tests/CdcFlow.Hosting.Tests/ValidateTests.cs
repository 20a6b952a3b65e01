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
                Assert.Contains($"[{code}]", run.All, StringComparison.Ordinal);
                Assert.Contains("✓ folder", (await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings[..^1], settings[^1] + "/store"])).Output, StringComparison.Ordinal);
                Assert.Contains($"chmod o-w '{directory}', or set Checkpoint:Store to a folder below it ('{Path.Combine(directory, "store")}')", run.All, StringComparison.Ordinal);
            }

            File.SetUnixFileMode(directory, own);
            Assert.Contains("✓ folder", (await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings])).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Validated", "CDCF2103")] // which the formats throw as their encoders are made
    public async Task Sink_that_does_not_take_its_rows_is_told_as_a_check_and_stops_a_run_with_the_same_code()
    {
        string[] settings = ["--set", "ConnectionStrings:shop=Host=fine", "--set", "ConnectionStrings:lake=taken", "--set", $"CdcFlow:checked:Checkpoint:Store={directory}"];
        var validated = await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings]);
        Assert.Equal(ExitCode.Invalid, validated.Code);
        Assert.Equal("pipeline\n  ✗ program: A column is named as a field of the format is. [CDCF9004]\n      Name it otherwise.\n", validated.Output.ReplaceLineEndings("\n"));
        Assert.Contains("CDCF9004: ", (await ProgramRun.OfAsync<CheckedPipeline>(["run", .. settings])).All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/null/store")]
    [InlineData("/proc/store")]
    public async Task Store_that_cannot_be_one_is_told_and_stops_a_run_with_the_same_code(string store)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other such places.");
        string[] settings = ["--set", "ConnectionStrings:shop=Host=fine", "--set", $"CdcFlow:checked:Checkpoint:Store={store}"];
        var validated = await ProgramRun.OfAsync<CheckedPipeline>(["validate", .. settings]);
        Assert.Equal(ExitCode.Invalid, validated.Code);
        Assert.Contains("✗ store: The checkpoint store '", validated.Output, StringComparison.Ordinal);
        Assert.Contains("[CDCF3012]", validated.Output, StringComparison.Ordinal);
        var refused = await ProgramRun.OfAsync<CheckedPipeline>(["run", .. settings]);
        Assert.Contains("[CDCF3012]", refused.All, StringComparison.Ordinal);
        Assert.Equal(validated.Code, refused.Code);
    }

    [Fact]
    public async Task Looking_at_the_store_leaves_nothing_behind()
    {
        var store = Path.Combine(directory, "a", "b");
        var validated = await ProgramRun.OfAsync<CheckedPipeline>(["validate", "--set", "ConnectionStrings:shop=Host=fine", "--set", $"CdcFlow:checked:Checkpoint:Store={store}"]);
        Assert.Contains("✓ store: It can be written.", validated.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [Theory]
    [InlineData("--skip-to", "nowhere=0/1", "CDCF2032")]
    [InlineData("--resnapshot", "nothing", "CDCF1001")]
    [InlineData("--restore-from", "99@99", "CDCF3013")]
    public async Task Order_of_a_run_is_tried_without_running(string option, string value, string code)
    {
        var validated = await ValidateAsync("Host=fine", option, value);
        Assert.Equal(ExitCode.Invalid, validated.Code);
        Assert.Contains($"[{code}]", validated.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> ValidateAsync(string shop, params string[] options) => ProgramRun.OfAsync<CheckedPipeline>(
        ["validate", "--set", $"ConnectionStrings:shop={shop}", "--set", "CdcFlow:checked:Checkpoint:Store=nowhere", .. options]);
}
