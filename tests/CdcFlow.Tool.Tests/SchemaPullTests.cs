using System.Text.RegularExpressions;
using CdcFlow.Hosting;
using CdcFlow.Hosting.Commands;
using CdcFlow.Tool.Tests.Scaffolded;

namespace CdcFlow.Tool.Tests;

/// <summary>What <c>schema pull</c> writes is the lock that this project is compiled with: so every type of a column fits the property that scaffold writes, to the compiler too.</summary>
public sealed partial class SchemaPullTests(ServerFixture servers) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Orders = "CREATE TABLE orders (id bigint PRIMARY KEY, note text)";

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-schema-").FullName;

    private string Lock => Path.Combine(folder, "cdcflow.schema.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Lock_of_every_type_is_the_compiled_one_and_validate_says_when_it_is_no_longer()
    {
        var connection = await servers.CreateDatabaseAsync("locked", EveryTypeSql.Statements);
        await PullAsync(connection, "app");
        Assert.Equal(WithoutVersion(await ReadAsync(Checkout("tests/CdcFlow.Tool.Tests/Scaffolded/cdcflow.schema.json"))), WithoutVersion(await ReadAsync(Lock)));

        var (validated, report) = await ValidateAsync(connection);
        Assert.True(validated == ExitCode.Ok, report);
        Assert.Contains("✓ lock public.every_type: Table public.every_type is as the schema lock has it.", report, StringComparison.Ordinal);

        await servers.Server.ExecuteAsync(
            "ALTER TABLE sales.categories ALTER clone TYPE varchar(20), ALTER clone DROP NOT NULL, ADD note text; DELETE FROM events; ALTER TABLE events ADD PRIMARY KEY (id)", "locked", TestContext.Current.CancellationToken);
        (_, report) = await ValidateAsync(connection);
        Assert.Contains(
            "! lock sales.categories: Table sales.categories is not as the schema lock that the program was compiled with has it: column 'clone' is character varying(20), not text; "
            + "it has a column 'note' (text) more. [CDCF1042]\n      cdcflow schema pull --connection app --table sales.categories # then compile the program again", report, StringComparison.Ordinal);
        Assert.Contains("! lock public.events: Table public.events is not as the schema lock that the program was compiled with has it: column 'id' takes no NULL; its key is (id), not ().", report, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, (await ToolRun.OfAsync("schema", "pull", "--connection", connection, "--name", "app", "--table", "sales.categories", "--output", Lock)).Code);
        var pulled = await ReadAsync(Lock);
        Assert.Contains("""{ "name": "clone", "type": "character varying(20)", "kind": "Text", "nullable": true }""", pulled, StringComparison.Ordinal);
        Assert.Contains("""{ "name": "id", "type": "bigint", "kind": "Int64", "nullable": true }""", pulled, StringComparison.Ordinal); // events, which was not asked for
    }

    [Fact]
    public async Task Pull_reads_what_the_lock_has_again_and_says_what_is_gone()
    {
        var connection = await servers.CreateDatabaseAsync("pulled", Orders, "CREATE TABLE others (id bigint PRIMARY KEY)", "CREATE TABLE more (id bigint PRIMARY KEY)");
        await PullAsync(connection, "shop", "--table", "orders", "others");
        await PullAsync(connection, "shop", "--table", "orders");
        await PullAsync(connection, "till", "--all");
        Assert.Equal(["orders", "others", "more", "orders", "others"], Tables(await ReadAsync(Lock)));

        await servers.Server.ExecuteAsync("DROP TABLE others", "pulled", TestContext.Current.CancellationToken);
        Assert.Contains("Table public.others is left out: connection 'shop' has none, or the role may not read it.", (await PullAsync(connection, "shop")).Error, StringComparison.Ordinal);
        Assert.Equal(["orders", "more", "orders", "others"], Tables(await ReadAsync(Lock)));
        await PullAsync(connection, "till");
        Assert.Equal(["orders", "more", "orders"], Tables(await ReadAsync(Lock)));
        Assert.Equal(["false", "true"], Values(await ReadAsync(Lock), "whole"));

        var before = await ReadAsync(Lock);
        await PullAsync(connection, "till");
        Assert.Equal(before, await ReadAsync(Lock));
        Assert.DoesNotContain("host", before, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([Lock], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Column_that_the_log_lacks_and_hostile_names_are_in_the_lock()
    {
        var connection = await servers.CreateDatabaseAsync(
            "hostile", "CREATE TYPE mood AS ENUM ('a\"b', 'ü')", "CREATE TABLE \"or\"\"ders\" (id bigint, m mood, twice bigint GENERATED ALWAYS AS (id * 2) STORED, \"x\ny\" int)");
        await PullAsync(connection, "shop");
        var text = await ReadAsync(Lock);
        Assert.Contains("\"name\": \"or\\u0022ders\"", text, StringComparison.Ordinal);
        Assert.Contains("\"labels\": [\"a\\u0022b\", \"ü\"]", text, StringComparison.Ordinal);
        Assert.Contains("\"generated\": true", text, StringComparison.Ordinal);
        await PullAsync(connection, "shop");
        Assert.Equal(text, await ReadAsync(Lock));
    }

    [Fact, Trait("WayOut", "CDCF1040")]
    public async Task Lock_that_cannot_be_read_is_left_alone_until_it_is_deleted()
    {
        var connection = await servers.CreateDatabaseAsync("unreadable_lock", Orders);
        await File.WriteAllTextAsync(Lock, "{\n<<<<<<< HEAD\n", TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            var refused = await ToolRun.OfAsync("schema", "pull", "--connection", connection, "--name", "shop", "--output", Lock);
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.Equal(
                $"CDCF1040: The schema lock {Lock} cannot be read: line 2: a name in double quotes is missing before '<'. "
                + "Take it from version control again; or delete it, and pull each of its connections anew.", refused.Error.TrimEnd());
            Assert.StartsWith("{\n<<<", await ReadAsync(Lock), StringComparison.Ordinal);
        }

        File.Delete(Lock);
        await PullAsync(connection, "shop");
        Assert.Equal(["orders"], Tables(await ReadAsync(Lock)));
    }

    [Fact, Trait("WayOut", "CDCF1041")]
    public async Task Connection_string_needs_a_name()
    {
        var connection = await servers.CreateDatabaseAsync("unnamed", Orders);
        for (var i = 0; i < 2; i++)
        {
            var refused = await ToolRun.OfAsync("schema", "pull", "--connection", connection, "--output", Lock);
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.StartsWith("CDCF1041: ", refused.Error, StringComparison.Ordinal);
            Assert.Contains("--name shop.", refused.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(Lock));
        }

        await PullAsync(connection, "shop");
        Assert.Contains("\"shop\": {", await ReadAsync(Lock), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_line_that_is_wrong_ends_with_2()
    {
        Assert.Equal(ExitCode.Usage, (await ToolRun.OfAsync("schema", "pull")).Code);
        Assert.Equal(ExitCode.Usage, (await ToolRun.OfAsync("schema", "pull", "--connection", "shop", "--all", "--table", "orders")).Code);
    }

    private async Task<ToolRun> PullAsync(string connection, string name, params string[] more)
    {
        var run = await ToolRun.OfAsync(["schema", "pull", "--connection", connection, "--name", name, "--output", Lock, .. more]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        return run;
    }

    private async Task<(int Code, string Output)> ValidateAsync(string connection)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(output), Console: null);
        var code = await PipelineProgram<ScaffoldedPipeline>.RunAsync(
            ["validate", "--set", $"ConnectionStrings:app={connection}", "--set", $"ConnectionStrings:out={folder}/out", "--set", $"CdcFlow:scaffolded:Checkpoint:Store={folder}/store"],
            configure: null, terminal, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static IEnumerable<string> Tables(string text) =>
        text.Split('\n').Where(line => line.StartsWith("          \"name\": ", StringComparison.Ordinal)).Select(line => line.Split('"')[3]);

    private static IEnumerable<string> Values(string text, string field) =>
        text.Split('\n').Where(line => line.Contains($"\"{field}\": ", StringComparison.Ordinal)).Select(line => line.Split(": ")[1].TrimEnd(','));

    private static string WithoutVersion(string text) => ServerVersion().Replace(text, "PostgreSQL");

    [GeneratedRegex("PostgreSQL [1-9][0-9]+")]
    private static partial Regex ServerVersion();

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

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
