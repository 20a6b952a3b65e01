using System.Text.Json;
using CdcFlow.Hosting.Tests.WaysOut;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests;

/// <summary><c>status</c>: what is told of a pipeline that is not asked to do anything.</summary>
public sealed class StatusTests : WayOutTest
{
    [Fact]
    public async Task Pipeline_that_never_ran_has_nothing_and_nothing_is_made_by_asking()
    {
        var status = await StatusAsync<UntouchedPipeline>();
        Assert.Equal(ExitCode.Ok, status.Code);
        Assert.Contains("pipeline untouched\n", status.Output, StringComparison.Ordinal);
        Assert.Contains($"store {Store}: no id yet, never used\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("last checkpoint: none\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("sink untouched-out: no marker", status.Output, StringComparison.Ordinal);
        Assert.Contains("recovery: A start would begin afresh.", status.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public async Task Stopped_pipeline_is_in_step_and_machines_read_the_same()
    {
        Database("stood-db");
        await GoesOnAsync<StoodPipeline>();
        var before = Directory.GetFileSystemEntries(Store).Order(StringComparer.Ordinal).ToList();
        var status = await StatusAsync<StoodPipeline>();
        Assert.Equal(ExitCode.Ok, status.Code);
        Assert.Matches($"store {Store}: id [0-9a-f]{{32}}, free: no instance runs \\(the last was epoch [0-9]+, process {Environment.ProcessId} on ", status.Output);
        Assert.Matches("last checkpoint: [0-9]+@[0-9]+, 0:[0-9]{2}:[0-9]{2} old, [0-9,]+ bytes\n", status.Output);
        Assert.Matches("sink stood-out: in step with the store, committed [0-9]+@[0-9]+, owner [0-9a-f]{32} \\(epoch [0-9]+\\), 0 rejected changes kept\n", status.Output);
        Assert.Matches("recovery: A start would go on from checkpoint [0-9]+@[0-9]+\\.\n", status.Output);
        Assert.Contains("definition: No row that was written up to checkpoint ", status.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await StatusAsync<StoodPipeline>("--json")).Output);
        var pipeline = json.RootElement[0];
        Assert.Equal("stood", pipeline.GetProperty("pipeline").GetString());
        Assert.True(pipeline.GetProperty("isWhole").GetBoolean());
        Assert.Equal("free", pipeline.GetProperty("store").GetProperty("lease").GetProperty("hold").GetString());
        Assert.True(pipeline.GetProperty("store").GetProperty("checkpoint").GetProperty("bytes").GetInt64() > 0);
        Assert.Equal("inStep", pipeline.GetProperty("sinks")[0].GetProperty("standing").GetString());
        Assert.Equal("recovery", pipeline.GetProperty("start")[0].GetProperty("name").GetString());
        Assert.Equal(before, Directory.GetFileSystemEntries(Store).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Running_pipeline_is_seen_to_live_and_goes_on()
    {
        var database = Database("lively-db");
        await using var running = await RunningProgram.StartAsync<LivelyPipeline>(Settings<LivelyPipeline>());
        await running.Runner.CheckpointAsync(Cancelled);
        var status = await StatusAsync<LivelyPipeline>();
        Assert.Equal(ExitCode.Ok, status.Code);
        Assert.Contains(", held by a living instance: epoch ", status.Output, StringComparison.Ordinal);
        Insert(database, 2);
        while (InMemorySinkServer.Named("lively-out", SinkKind.Transactional).Rows("lively-out").Count < 2)
        {
            await running.Runner.CheckpointAsync(Cancelled); // one may be made before the row is read
        }

        Assert.Equal(ExitCode.Ok, (await running.StopAsync()).Code);
        AssertSame(database, "lively-out");
    }

    [Fact]
    public async Task Sink_that_is_away_is_said_not_to_be_known_and_the_rest_is_told()
    {
        Database("partly-db");
        await GoesOnAsync<PartlyPipeline>();
        InMemorySinkServer.Named("partly-out", SinkKind.Transactional).Faults.Add(SinkOperation.ReadMarker, Cut, afterEffect: false);
        var status = await StatusAsync<PartlyPipeline>();
        Assert.Equal(ExitCode.Failed, status.Code);
        Assert.Contains("sink partly-out: marker not compared\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("  ? not known: Cut. [CDCF9999]", status.Output, StringComparison.Ordinal);
        Assert.Matches("last checkpoint: [0-9]+@[0-9]+, ", status.Output);
        Assert.DoesNotContain("recovery: ", status.Output, StringComparison.Ordinal);
        InMemorySinkServer.Named("partly-out", SinkKind.Transactional).Faults.Add(SinkOperation.ReadMarker, Cut, afterEffect: false);
        using var json = JsonDocument.Parse((await StatusAsync<PartlyPipeline>("--json")).Output);
        Assert.False(json.RootElement[0].GetProperty("isWhole").GetBoolean());
        Assert.Equal("CDCF9999", json.RootElement[0].GetProperty("sinks")[0].GetProperty("notKnown").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Store_that_was_rolled_back_and_one_that_is_anothers_are_told_as_a_start_would()
    {
        Database("apart-db");
        await GoesOnAsync<ApartPipeline>();
        foreach (var checkpoint in Directory.GetFiles(Store, "*.checkpoint"))
        {
            File.Delete(checkpoint);
        }

        var ahead = await StatusAsync<ApartPipeline>();
        Assert.Equal(ExitCode.Ok, ahead.Code);
        Assert.Contains("sink apart-out: ahead of the store, committed ", ahead.Output, StringComparison.Ordinal);
        Assert.Contains("✗ recovery: Sink 'apart-out' committed checkpoint ", ahead.Output, StringComparison.Ordinal);
        Assert.Contains("[CDCF3003]", ahead.Output, StringComparison.Ordinal);
        var foreign = await ProgramRun.OfAsync<ApartPipeline>(["status", "--set", $"CdcFlow:apart:Checkpoint:Store={Store}.elsewhere"]);
        Assert.Contains("sink apart-out: another store's, committed ", foreign.Output, StringComparison.Ordinal);
        Assert.Contains("[CDCF3030]", foreign.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_program_is_told_as_a_start_would()
    {
        Database("reshaped-db");
        await GoesOnAsync<BeforeReshapingPipeline>();
        var status = await StatusAsync<ReshapedPipeline>();
        Assert.Contains("✗ definition: The pipeline has changed since checkpoint ", status.Output, StringComparison.Ordinal);
        Assert.Contains("[CDCF3040]", status.Output, StringComparison.Ordinal);
    }

    private Task<ProgramRun> StatusAsync<TPipeline>(params string[] options)
        where TPipeline : Runtime.ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["status", .. options, .. Settings<TPipeline>()]);
}
