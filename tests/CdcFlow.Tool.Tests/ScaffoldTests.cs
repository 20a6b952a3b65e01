using CdcFlow.Hosting;
using CdcFlow.Hosting.Commands;
using CdcFlow.Tool.Tests.Scaffolded;

namespace CdcFlow.Tool.Tests;

/// <summary>What <c>scaffold</c> writes is what <see cref="EveryType"/> and its neighbours are: this project compiles them, and runs a pipeline with them.</summary>
public sealed class ScaffoldTests(ServerFixture servers) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-tool-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Row_types_of_every_type_are_the_compiled_ones_and_a_pipeline_takes_them()
    {
        var connection = await servers.CreateDatabaseAsync("every_type", EveryTypeSql.Statements);
        var file = Path.Combine(folder, "Rows.cs");
        var run = await ToolRun.OfAsync("scaffold", "--connection", connection, "--namespace", "CdcFlow.Tool.Tests.Scaffolded", "--output", file);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal(await File.ReadAllTextAsync(Checkout("tests/CdcFlow.Tool.Tests/Scaffolded/EveryType.cs"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        var (validated, report) = await PipelineAsync(connection, "validate");
        Assert.True(validated == ExitCode.Ok, report);
        var (ran, log) = await PipelineAsync(connection, "run", "--until-caught-up", "--no-progress");
        Assert.True(ran == ExitCode.Ok, log);
        Assert.Equal([1, 2, 1], new[] { "every-type", "events", "categories" }.Select(Lines));
    }

    [Fact]
    public async Task Output_is_code_alone_and_what_was_done_is_an_error_line()
    {
        var connection = await servers.CreateDatabaseAsync("one_table", "CREATE TABLE orders (id bigint PRIMARY KEY)", "CREATE TABLE others (id bigint PRIMARY KEY)");
        var run = await ToolRun.OfAsync("scaffold", "--connection", connection, "--table", "orders");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.EndsWith("[Table(\"orders\")]\npublic sealed record Order(\n    [property: Key] long Id);\n", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("1 table of ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_that_sinks_keep_for_themselves_are_left_out()
    {
        var connection = await servers.CreateDatabaseAsync(
            "of_sinks", "CREATE TABLE orders (id bigint PRIMARY KEY)", "CREATE TABLE cdcflow_checkpoint (pipeline text PRIMARY KEY)", "CREATE TABLE cdcflow_rejects (id text PRIMARY KEY)");
        Assert.StartsWith("1 table of ", (await ToolRun.OfAsync("scaffold", "--connection", connection)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_that_is_not_there_is_told_from_one_that_is_spelt_otherwise()
    {
        var connection = await servers.CreateDatabaseAsync("misspelt", "CREATE TABLE \"Orders\" (id bigint PRIMARY KEY)");
        var run = await ToolRun.OfAsync("scaffold", "--connection", connection, "--table", "orders");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Equal("CDCF4034: There is no table public.orders. There is public.Orders; only tables have a log.", run.Error.TrimEnd());
    }

    [Fact, Trait("WayOut", "CDCF1020")]
    public async Task File_that_is_there_is_written_over_when_asked_alone()
    {
        var connection = await servers.CreateDatabaseAsync("there_already", "CREATE TABLE orders (id bigint PRIMARY KEY)");
        var file = Path.Combine(folder, "Rows.cs");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            var refused = await ToolRun.OfAsync("scaffold", "--connection", connection, "--output", file);
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.Equal($"CDCF1020: The file {file} is there already. Write to another one, or over it: --force.", refused.Error.TrimEnd());
            Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        Assert.Equal(ExitCode.Ok, (await ToolRun.OfAsync("scaffold", "--connection", connection, "--output", file, "--force")).Code);
        Assert.Contains("record Order(", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact, Trait("WayOut", "CDCF1021")]
    public async Task Tables_that_the_role_may_not_read_are_named_with_the_grant()
    {
        const string grant = "GRANT USAGE ON SCHEMA \"sales\" TO \"cdc\"; GRANT SELECT ON ALL TABLES IN SCHEMA \"sales\" TO \"cdc\";";
        await servers.CreateDatabaseAsync("unreadable", "CREATE SCHEMA sales", "CREATE TABLE sales.orders (id bigint PRIMARY KEY)");
        var connection = servers.Server.ConnectionString(TestServers.PostgresRole.Cdc, "unreadable");
        for (var i = 0; i < 2; i++)
        {
            var refused = await ToolRun.OfAsync("scaffold", "--connection", connection);
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.Equal($"CDCF1021: Database unreadable has no table that role cdc may read. {grant}", refused.Error.TrimEnd());
        }

        await servers.Server.ExecuteAsync(grant, "unreadable", TestContext.Current.CancellationToken);
        var run = await ToolRun.OfAsync("scaffold", "--connection", connection);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("[Table(\"orders\", Schema = \"sales\")]", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServers.PostgresRole.Cdc.Password, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_that_is_wrong_is_not_repeated()
    {
        await servers.CreateDatabaseAsync("secret");
        var connection = servers.Server.ConnectionString(TestServers.PostgresRole.Cdc with { Password = "hunter2" }, "secret");
        foreach (var arguments in new string[][] { [], ["--verbose"] })
        {
            var run = await ToolRun.OfAsync(["scaffold", "--connection", connection, .. arguments]);
            Assert.Equal(ExitCode.Failed, run.Code);
            Assert.Contains("CDCF4002", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", run.Output + run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_line_that_is_wrong_ends_with_2() => Assert.Equal(ExitCode.Usage, (await ToolRun.OfAsync("scaffold")).Code);

    private async Task<(int Code, string Output)> PipelineAsync(string connection, params string[] verb)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(output), Console: null);
        var code = await PipelineProgram<ScaffoldedPipeline>.RunAsync(
            [.. verb, "--set", $"ConnectionStrings:app={connection}", "--set", $"ConnectionStrings:out={folder}/out", "--set", $"CdcFlow:scaffolded:Checkpoint:Store={folder}/store"],
            configure: null, terminal, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private int Lines(string sink) => Directory.GetFiles(Path.Combine(folder, "out", sink), "*.jsonl").Sum(file => File.ReadLines(file).Count());

    private static string Checkout(string path)
    {
        var folder = AppContext.BaseDirectory.TrimEnd('/');
        while (!File.Exists(Path.Combine(folder, "CdcFlow.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, path);
    }
}
