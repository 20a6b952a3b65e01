using CdcFlow.TestServers;

namespace CdcFlow.Packaging.Tests;

/// <summary>The first hour of a newcomer: a project out of the template, its tests, and a run against real servers, with the packages alone.</summary>
public sealed class TemplateTests(PackageFeed feed) : IDisposable
{
    private const string Shop = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, total numeric(12,2) NOT NULL, status text NOT NULL, note text);"
        + " INSERT INTO orders VALUES (1, 7, 10.50, 'new', NULL), (2, 8, 99.00, 'cancelled', 'changed their mind')";

    private readonly Newcomer newcomer = new(feed);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => newcomer.Dispose();

    [Fact]
    public async Task Project_of_the_template_is_whole()
    {
        await MakeAsync("MyShop", "console");
        var validated = await newcomer.TryAsync(Program("MyShop"), "validate");
        Assert.Equal(3, validated.Code);
        Assert.Contains("ConnectionStrings:shop", validated.Output, StringComparison.Ordinal);

        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await StartShopAsync();
        Assert.Contains("\"id\":1,\"customer_id\":7,\"total\":10.50,\"paid\":false", await newcomer.RunAsync(Program("MyShop"), "run", "--until-caught-up"), StringComparison.Ordinal);

        var cdcflow = await newcomer.InstallToolAsync();
        await newcomer.RunAsync(cdcflow, "scaffold", "--connection", "shop", "--namespace", "MyShop", "--output", "Scaffolded.cs");
        Assert.Contains(
            "public sealed record Order(\n    [property: Key] long Id,\n    long CustomerId,\n    decimal Total,\n    string Status,\n    string? Note);",
            await File.ReadAllTextAsync(Path.Combine(newcomer.Folder, "Scaffolded.cs"), Cancelled), StringComparison.Ordinal);

        File.Delete(Path.Combine(newcomer.Folder, "Scaffolded.cs"));
        await server.ExecuteAsync("ALTER TABLE orders RENAME note TO remark", cancellationToken: Cancelled);
        await newcomer.RunAsync(cdcflow, "schema", "pull", "--connection", "shop");
        var compiled = await newcomer.TryAsync("dotnet", "build", "MyShop.csproj");
        Assert.NotEqual(0, compiled.Code);
        Assert.Contains("error CDCF081: 'Order.Note' has no column in table public.orders: it has id, customer_id, total, status, remark;", compiled.Output, StringComparison.Ordinal);
    }

    // Each is a build of its own: ./build.sh newcomer runs them.
    [Theory(Explicit = true)]
    [InlineData("files", "My.Shop")]
    [InlineData("postgres", "my-shop")]
    [InlineData("kafka", "Shop2")]
    public async Task Project_for_each_sink_is_whole(string sink, string name)
    {
        await MakeAsync(name, sink);
        await using var server = await StartShopAsync();
        newcomer.Environment["ConnectionStrings__warehouse"] = newcomer.Environment["ConnectionStrings__shop"];
        await using var broker = sink == "kafka" ? await KafkaFinder.StartAsync(Cancelled) : null;
        newcomer.Environment["ConnectionStrings__bus"] = broker?.Address;
        await newcomer.RunAsync(Program(name), "run", "--until-caught-up");
        Assert.Equal(["1"], await SinkAsync(sink, server, broker));
    }

    [Fact(Explicit = true)]
    public async Task Project_without_tests_has_none()
    {
        await newcomer.InstallTemplatesAsync();
        await newcomer.DotnetAsync("new", "cdcflow", "-n", "Plain", "-o", ".", "--tests", "false");
        Assert.False(Directory.Exists(Path.Combine(newcomer.Folder, "tests")));
        AssertNoConditions();
        await newcomer.DotnetAsync("build", "-warnaserror");
    }

    private async Task MakeAsync(string name, string sink)
    {
        await newcomer.InstallTemplatesAsync();
        await newcomer.DotnetAsync("new", "cdcflow", "-n", name, "-o", ".", "--source", "postgres", "--sink", sink, "--tests", "true");
        AssertNoConditions();
        await newcomer.DotnetAsync("build", "tests", "-warnaserror");
        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0, Skipped: 0", await newcomer.DotnetAsync("run", "--project", "tests", "--no-build", "--", "-noColor"));
    }

    /// <summary>Each kind of file has a syntax of its own for what is left out; a condition in another one would stand in the project as text.</summary>
    private void AssertNoConditions() => Assert.All(
        Directory.EnumerateFiles(newcomer.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
        file => Assert.DoesNotContain(File.ReadLines(file), line => line.Contains("#if", StringComparison.Ordinal) || line.Contains("#endif", StringComparison.Ordinal)));

    private string Program(string name) => Path.Combine(newcomer.Folder, "bin", "Debug", "net10.0", name);

    private async Task<PostgresServer> StartShopAsync()
    {
        var server = await PostgresServer.StartAsync(cancellationToken: Cancelled);
        await server.ExecuteAsync(Shop, cancellationToken: Cancelled);
        newcomer.Environment["ConnectionStrings__shop"] = server.SocketConnectionString(PostgresRole.Superuser);
        return server;
    }

    // The ids that the sink has.
    private async Task<IEnumerable<string?>> SinkAsync(string sink, PostgresServer server, IBroker? broker) => sink switch
    {
        "files" => Directory.GetFiles(Path.Combine(newcomer.Folder, "files", "invoices"), "*.jsonl").SelectMany(File.ReadLines).Select(line => line.Split("\"id\":")[1].Split(',')[0]),
        "postgres" => (await server.QueryAsync("SELECT id FROM invoices", cancellationToken: Cancelled)).Select(row => row[0]),
        _ => (await broker!.RunToolAsync(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                ["--topic", "invoices", "--from-beginning", "--isolation-level", "read_committed", "--timeout-ms", "10000"], Cancelled))
            .Where(line => line.Contains("\"after\"", StringComparison.Ordinal)).Select(line => line.Split("\"id\":")[1].Split(',')[0]),
    };
}
