using System.Globalization;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;

namespace CdcFlow.Hosting.Tests;

/// <summary><c>SYSTEM abort PIPELINE</c>, over a sink that only notes that it was asked.</summary>
public sealed class AbortTests : IDisposable
{
    private const string Fenced = "fenced lake.0: whatever it had open is aborted";

    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-abort-").FullName;
    private int aborts;

    public AbortTests() => StubSink.WhileAborting = () =>
    {
        aborts++;
        return Task.CompletedTask;
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        StubSink.WhileAborting = null;
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Verb_of_a_sinks_system_ends_what_a_dead_instance_left_open_and_says_so()
    {
        var run = await AbortAsync();
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Equal(Fenced, run.Output.Trim());
        await using var next = await AcquireAsync();
    }

    [Fact]
    public async Task Pipeline_cannot_be_started_meanwhile()
    {
        CdcFlowException? refusal = null;
        StubSink.WhileAborting = async () => refusal = await Assert.ThrowsAsync<CdcFlowException>(AcquireAsync);
        Assert.Equal(ExitCode.Ok, (await AbortAsync()).Code);
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, refusal?.Code);
    }

    [Fact]
    public async Task Pipeline_that_runs_is_left_alone_and_the_user_is_told_who_runs_it_and_what_to_do()
    {
        await using var running = await AcquireAsync();
        var run = await AbortAsync();
        Assert.Equal((ExitCode.Failed, 0), (run.Code, aborts));
        Assert.StartsWith(CheckpointErrorCodes.LeaseHeld, run.Error, StringComparison.Ordinal);
        Assert.Contains(Running(running), run.Error, StringComparison.Ordinal);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        await running.RenewAsync(Cancellation);
    }

    [Fact]
    public async Task Pipeline_that_runs_is_fenced_when_that_is_forced_and_the_user_is_told()
    {
        await using var running = await AcquireAsync();
        var run = await AbortAsync("--force");
        Assert.Equal((ExitCode.Ok, 1), (run.Code, aborts));
        Assert.Contains(Fenced, run.Output, StringComparison.Ordinal);
        Assert.Contains(Running(running), run.Output, StringComparison.Ordinal);
        Assert.Contains("has to start anew", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_pipelines_name_is_a_wrong_command_line()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["stub", "abort", "other", .. Settings]);
        Assert.Equal((ExitCode.Usage, 0), (run.Code, aborts));
        Assert.Contains("'checked'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inmemory")]
    [InlineData("kafka")]
    public async Task System_at_which_the_pipeline_leaves_nothing_open_is_a_wrong_command_line(string system)
    {
        var run = await ProgramRun.OfAsync<BoundedPipeline>([system, "abort", "bounded"]);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"no {system} sink that leaves a transaction open", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" abort ", (await ProgramRun.OfAsync<BoundedPipeline>(["--help"])).All, StringComparison.Ordinal);
    }

    private string[] Settings => ["--set", "ConnectionStrings:shop=Host=fine", "--set", $"CdcFlow:checked:Checkpoint:Store={directory}", "--set", "CdcFlow:checked:Checkpoint:LeaseWait=00:00:00"];

    private Task<ProgramRun> AbortAsync(params string[] options) => ProgramRun.OfAsync<CheckedPipeline>(["stub", "abort", "checked", .. options, .. Settings]);

    private async Task<ICheckpointLease> AcquireAsync() =>
        await new FileCheckpointStore("checked", directory, LocalFileSystem.OwnerOnly, TimeProvider.System).AcquireAsync(LeaseHolder.Current(), Cancellation);

    private static string Running(ICheckpointLease lease)
    {
        var holder = LeaseHolder.Current();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Pipeline 'checked' is already run by process {holder.ProcessId} on {holder.Machine} (started {holder.ProcessStarted:u}, epoch {lease.Epoch})");
    }
}
