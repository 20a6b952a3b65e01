using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests;

public sealed class PipelineOptionsTests
{
    private static readonly PipelineOptions wrong = new()
    {
        CheckpointInterval = TimeSpan.Zero,
        CheckpointTimeout = TimeSpan.FromDays(41),
        AbortedCheckpointsMax = 11,
        RetainedCheckpoints = 0,
        BudgetBytes = 0,
        Restart = new RestartOptions { RestartsMax = -1, BackoffMin = TimeSpan.FromSeconds(2), BackoffMax = TimeSpan.FromSeconds(1) },
    };

    [Fact]
    public void Everything_out_of_range_is_told_at_once_by_its_key()
    {
        string[] keys =
        [
            "Checkpoint:Interval", "Checkpoint:Timeout", "Checkpoint:AbortedMax", "Checkpoint:Retain", "Memory",
            "Restart:RestartsMax", "Restart:BackoffMax",
        ];

        var problems = wrong.Problems("CdcFlow:orders");

        Assert.Equal(keys.Select(key => $"CdcFlow:orders:{key}"), problems.Select(problem => problem.Key));
        Assert.All(problems, problem => Assert.Equal(ErrorCodes.ConfigurationValue, problem.Code));
    }

    [Fact]
    public void Defaults_and_checkpoints_by_hand_are_in_range()
    {
        Assert.Empty(new PipelineOptions().Problems("CdcFlow:orders"));
        Assert.Empty(FakeWorld.ByHand.Problems("CdcFlow:orders"));
    }

    [Fact]
    public async Task Pipeline_with_options_out_of_range_does_not_start()
    {
        var world = new FakeWorld();
        world.Log("in");
        var storage = world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(
            () => world.Runner(PipelineRunnerTests.Straight, wrong).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.ConfigurationValue, error.Code);
        Assert.Contains("CdcFlow:test:Checkpoint:AbortedMax: '11' is not a whole number from 1 to 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("CdcFlow:test:Restart:BackoffMax", error.Message, StringComparison.Ordinal);
        Assert.Empty(storage.Calls);
    }
}
