namespace CdcFlow.Hosting.Tests;

public sealed class ConfigurationTests
{
    private const string Shop = "ConnectionStrings:shop=Host=db;Password=canary";

    [Fact]
    public async Task All_problems_are_reported_at_once_each_with_its_key_and_the_spelling_of_its_environment_variable()
    {
        var run = await ValidateAsync(
            "CdcFlow:checked:Memory=lots",
            "CdcFlow:checked:Sources:shop:ChunkRows=many",
            "CdcFlow:checked:Sources:shop:ChunkRow=5",
            "CdcFlow:checked:Sources:shopp:ChunkRows=5",
            "CdcFlow:checked:Sinks:raw:FlushInterval=soon",
            "CdcFlow:checked:Nodes:EnrichAsync:MaxConcurrency=0",
            "CdcFlow:checked:Checkpoint:Interval=00:00:00",
            "CdcFlow:checked:Checkpoint:Timeot=00:00:10",
            "CdcFlow:checked:Checkpint:Interval=00:00:10",
            Shop);

        Assert.Equal(ExitCode.Invalid, run.Code);
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Memory", "'lots' is not a number of bytes");
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Sources:shop:ChunkRows", "'many' is not a whole number from 1 to 1000");
        AssertProblem(run, "CDCF1003", "CdcFlow:checked:Sources:shop:ChunkRow", "there are ChunkRows, Verify");
        AssertProblem(run, "CDCF1011", "CdcFlow:checked:Sources:shopp", "there are shop");
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Sinks:raw:FlushInterval", "'soon' is not a length of time");
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Nodes:EnrichAsync:MaxConcurrency", "'0' is not a whole number");
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Checkpoint:Interval", "'00:00:00' is not between");
        AssertProblem(run, "CDCF1003", "CdcFlow:checked:Checkpoint:Timeot", "there are AbortedMax, Interval, LeaseWait, Retain, Store, Timeout");
        AssertProblem(run, "CDCF1003", "CdcFlow:checked:Checkpint", "there are Checkpoint, Definition, Memory");
        AssertProblem(run, "CDCF1002", "CdcFlow:checked:Checkpoint:Store", "it is missing");
    }

    [Fact]
    public async Task Connector_that_could_not_be_made_says_nothing_of_keys_that_it_had_no_time_to_ask_for()
    {
        var run = await ValidateAsync("CdcFlow:checked:Checkpoint:Store=state", "CdcFlow:checked:Sources:shop:Bogus=1");
        AssertProblem(run, "CDCF1002", "ConnectionStrings:shop", "There is no connection string");
        Assert.Single(run.Output.Split('\n'), line => line.Contains('✗', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_refuses_the_same_configuration_before_anything_is_opened()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["run", "--environment", "Production", "--set", "CdcFlow:checked:Memory=lots"]);
        Assert.Equal(ExitCode.Invalid, run.Code);
        Assert.Contains("CdcFlow:checked:Memory (environment: CdcFlow__checked__Memory): 'lots'", run.All, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:shop", run.All, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_overrides_the_attribute()
    {
        var overridden = await ValidateAsync(Shop, "CdcFlow:checked:Checkpoint:Store=state", "CdcFlow:checked:Sources:shop:ChunkRows=7");
        Assert.Contains("a chunk has 7 rows.", overridden.Output, StringComparison.Ordinal);
        var asWritten = await ValidateAsync(Shop, "CdcFlow:checked:Checkpoint:Store=state");
        Assert.Contains("a chunk has 100 rows.", asWritten.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_may_be_left_out_in_development()
    {
        var run = await ProgramRun.OfAsync<CheckedPipeline>(["validate", "--environment", "Development", "--set", Shop]);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains(Path.Combine("cdcflow-state", "checked"), run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://key:canary@bucket/state")]
    [InlineData("http://canary/state")]
    [InlineData("file:canary")]
    [InlineData("file://canary/state")]
    public async Task Store_that_is_no_folder_is_refused_without_repeating_what_may_be_a_secret(string store)
    {
        var run = await ValidateAsync(Shop, $"CdcFlow:checked:Checkpoint:Store={store}");
        AssertProblem(run, "CDCF1001", "CdcFlow:checked:Checkpoint:Store", "it is neither a path nor a file: URL");
        Assert.DoesNotContain("canary", run.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_may_be_a_file_url()
    {
        var run = await ValidateAsync(Shop, "CdcFlow:checked:Checkpoint:Store=file:///var/lib/nowhere%20yet");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("checkpoints in /var/lib/nowhere yet", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_ever_printed()
    {
        var run = await ValidateAsync("ConnectionStrings:shop=Host=broken;Password=canary", "CdcFlow:checked:Checkpoint:Store=state");
        Assert.Equal(ExitCode.Invalid, run.Code);
        Assert.DoesNotContain("canary", run.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connector_is_given_the_connection_string_of_another_system_that_it_asks_for()
    {
        var run = await ValidateAsync(Shop, "ConnectionStrings:registry=http://registry:8081", "CdcFlow:checked:Checkpoint:Store=state");
        Assert.Contains("a registry at http://registry:8081.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a registry", (await ValidateAsync(Shop, "CdcFlow:checked:Checkpoint:Store=state")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CdcFlow:checked:Checkpoint:Interval=10", "CdcFlow:checked:Checkpoint:Interval", "'10' is not a length of time such as 00:00:10 or 10s")]
    [InlineData("CdcFlow:checked:Checkpoint:Timeout=10:00", "CdcFlow:checked:Checkpoint:Timeout", "'10:00' is not a length of time")]
    [InlineData("CdcFlow:checked:Checkpoint:LeaseWait=-00:00:30", "CdcFlow:checked:Checkpoint:LeaseWait", "'-00:00:30' is not a length of time")]
    [InlineData("CdcFlow:checked:Restart:AwayMax=100d", "CdcFlow:checked:Restart:AwayMax", "is not from zero to forty days")]
    [InlineData("CdcFlow:checked:Restart:BackoffMin=41d", "CdcFlow:checked:Restart:BackoffMin", "is not from zero to forty days")]
    [InlineData("CdcFlow:checked:Memory=64", "CdcFlow:checked:Memory", "'64' is not a number of bytes such as 64MiB")]
    [InlineData("CdcFlow:checked:Memory=-64MiB", "CdcFlow:checked:Memory", "'-64MiB' is not a number of bytes")]
    [InlineData("CdcFlow:checked:Checkpoint:Store=file://elsewhere/state", "CdcFlow:checked:Checkpoint:Store", "it is neither a path nor a file: URL such as file:///var/lib/orders")]
    [InlineData("CdcFlow:checked:Checkpoint:Store=file:state", "CdcFlow:checked:Checkpoint:Store", "it is neither a path nor a file: URL")]
    [InlineData("CdcFlow:checked:Checkpoint:Store=file:///state?x=1", "CdcFlow:checked:Checkpoint:Store", "it is neither a path nor a file: URL")]
    [InlineData("CdcFlow:checked:Checkpoint:Store=state\u0000", "CdcFlow:checked:Checkpoint:Store", "without control characters")]
    public async Task Value_that_means_one_thing_to_its_writer_and_another_to_the_machine_is_a_problem(string setting, string key, string sentence)
    {
        var run = await ValidateAsync(Shop, "CdcFlow:checked:Checkpoint:Store=state", setting);
        AssertProblem(run, "CDCF1001", key, sentence);
        Assert.Equal(ExitCode.Invalid, run.Code);
    }

    [Fact]
    public async Task Connector_that_throws_something_of_its_own_is_a_problem_whose_text_quotes_nothing()
    {
        var run = await ValidateAsync("ConnectionStrings:shop=Host=throws;Password=canary", "CdcFlow:checked:Checkpoint:Store=state");
        AssertProblem(run, "CDCF1014", "ConnectionStrings:shop", "the connector does not take it (ArgumentException)");
        Assert.DoesNotContain("canary", run.All, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> ValidateAsync(params string[] settings) => ProgramRun.OfAsync<CheckedPipeline>(
        ["validate", "--environment", "Production", .. settings.SelectMany(setting => new[] { "--set", setting })]);

    private static void AssertProblem(ProgramRun run, string code, string key, string sentence)
    {
        var line = Assert.Single(run.Output.Split('\n'), line => line.StartsWith($"  ✗ {key}: ", StringComparison.Ordinal));
        Assert.Contains(sentence, line, StringComparison.Ordinal);
        Assert.Contains($"environment: {key.Replace(":", "__", StringComparison.Ordinal)}", line, StringComparison.Ordinal);
        Assert.EndsWith($"[{code}]", line.TrimEnd(), StringComparison.Ordinal);
    }
}
