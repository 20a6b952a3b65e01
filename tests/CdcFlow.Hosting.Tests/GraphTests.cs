using System.Text.Json;

namespace CdcFlow.Hosting.Tests;

public sealed class GraphTests
{
    [Fact]
    public async Task Graph_needs_no_configuration_and_draws_for_mermaid_by_default()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["graph"]);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith("flowchart LR\n  n0[(\"Items<br/>", run.Output, StringComparison.Ordinal);
        Assert.Contains(" --> ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_draws_for_graphviz()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["graph", "--format", "dot"]);
        Assert.StartsWith("digraph \"checked\" {\n  rankdir=LR;\n  n0 [shape=cylinder, label=\"Items\\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("}", run.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_is_json_for_programs()
    {
        using var document = JsonDocument.Parse((await ProgramRun.OfAsync<CheckedPipeline>(["graph", "--format", "json"])).Output);
        Assert.Equal("checked", document.RootElement.GetProperty("name").GetString());
        Assert.Contains(document.RootElement.GetProperty("edges").EnumerateArray(), edge =>
            edge.GetProperty("from").GetString() == "Items" && edge.GetProperty("to").GetString() == "Named");
    }

    [Theory]
    [InlineData("graph", "--format", "svg")]
    [InlineData("run", "--until-cought-up")]
    [InlineData("rum")]
    [InlineData("run", "--restore-from", "12")]
    [InlineData("run", "--set", "novalue")]
    [InlineData("checkpoints", "inspect", "newest")]
    [InlineData("stub", "abort")]
    [InlineData("stub", "abort", "another")]
    public async Task Wrong_command_line_is_told_from_a_failure(params string[] args)
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(args);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["--help"]);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.All(["run", "validate", "graph", "checkpoints", "stub"], verb => Assert.Contains(verb, run.Output, StringComparison.Ordinal));
    }
}
