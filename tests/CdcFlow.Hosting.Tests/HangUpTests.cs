using System.Diagnostics;
using System.Globalization;
using CdcFlow.Testing;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Tests;

/// <summary>A signal to the process is one to every pipeline in it: nothing else runs meanwhile.</summary>
[Collection(nameof(HangUpTests))]
[CollectionDefinition(nameof(HangUpTests), DisableParallelization = true)]
public sealed class HangUpTests : IDisposable
{
    private readonly string store = Directory.CreateTempSubdirectory("cdcflow-hang-up-").FullName;

    public void Dispose() => Directory.Delete(store, recursive: true);

    [Fact]
    public async Task Terminal_that_hangs_up_stops_the_pipeline_in_good_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "This needs the kill command and /proc.");
        Assert.SkipWhen(IsHangUpIgnored(), "The tests were started so that SIGHUP is ignored, as nohup does; then it stops no pipeline either.");
        InMemoryDatabase.Named("hung-up-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        var log = new LogOfHost();
        var run = ProgramRun.OfAsync<HungUpPipeline>(["run", "--set", $"CdcFlow:hung-up:Checkpoint:Store={store}"], builder => builder.Logging.AddProvider(log));
        await log.WhenAsync(eventId: 1002);
        using var kill = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]);
        var ended = await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.True(ended.Code == ExitCode.Ok, ended.All);
        Assert.Contains("Pipeline hung-up has ended; last checkpoint of this run: ", ended.Error, StringComparison.Ordinal);
    }

    private static bool IsHangUpIgnored() =>
        (ulong.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & 1) != 0;
}
