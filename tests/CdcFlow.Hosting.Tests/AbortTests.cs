namespace CdcFlow.Hosting.Tests;

public sealed class AbortTests
{
    [Fact]
    public async Task Verb_of_a_sinks_system_ends_what_a_dead_instance_left_open_and_says_so()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["stub", "abort", "checked", "--set", "ConnectionStrings:shop=Host=fine", "--set", "CdcFlow:checked:Checkpoint:Store=nowhere"]);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("fenced lake.0: whatever it had open is aborted", run.Output.Trim());
    }
}
