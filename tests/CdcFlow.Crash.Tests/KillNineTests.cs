using System.Globalization;
using System.Reflection;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>
/// The sample pipelines as real processes on real servers, killed with -9 under load: inserts, updates, key updates, deletes, rollbacks and
/// large transactions, from the first moments of the snapshot on. <c>./build.sh crash</c> is the same for longer.
/// </summary>
public sealed class KillNineTests
{
    private static readonly (TimeSpan Shortest, TimeSpan Longest) lives = (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1.5));

    private readonly int seed = Environment.TickCount & 0xffff;

    [Fact]
    public async Task Fifty_kills_under_load_lose_nothing_double_nothing_and_keep_the_order()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await RunAsync("Orders", 90_000, (server, folder) => new WarehouseScenario(server, Path.Combine(folder, "files")), null, new KillPlan(50, lives, seed));
    }

    [Fact]
    public async Task Twenty_kills_of_the_pipeline_and_five_of_the_broker_give_readers_of_committed_records_every_change_once_and_in_order()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        Assert.SkipWhen(KafkaHome.Missing is not null, KafkaHome.Missing ?? "");
        await using var kafka = await KafkaServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var broker = new TestBroker(kafka);
        var verdicts = await RunAsync("OrdersToKafka", 45_000, (_, _) => new KafkaScenario(broker), broker, new KillPlan(20, lives, seed, BrokerKills: 5));
        Assert.True(
            verdicts.Sum(verdict => verdict.Aborted) > 0,
            $"no kill left aborted records behind, so nothing says that readers do not get them\n{string.Join('\n', verdicts)}");
    }

    private async Task<IReadOnlyList<Verdict>> RunAsync(string sample, int orders, Func<ShopServer, string, IScenario> scenarioOf, IBroker? broker, KillPlan plan)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cdcflow-crash-").FullName;
        await using var postgres = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
        await server.FillAsync(orders, cancellationToken);
        await using var shop = server.Shop();
        var scenario = scenarioOf(server, folder);
        var pipeline = new PipelineProcess(Program(sample), scenario, server, folder, Path.Combine(folder, "pipeline.log"));
        var load = new ShopLoad(shop, plan.Seed, TimeSpan.FromMilliseconds(20));

        var loop = new KillLoop(pipeline, load, broker, plan);
        try
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{await loop.RunAsync(killed: _ => { }, cancellationToken)}, seed {plan.Seed}");
            var verdicts = await scenario.CompareAsync(shop, cancellationToken);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', verdicts));
            Assert.All(verdicts, verdict => Assert.True(verdict.IsClean, verdict.ToString()));
            Assert.True(verdicts[0].Rows > orders, $"the sink holds the snapshot and the changes: {verdicts[0]}");
            Directory.Delete(folder, recursive: true);
            return verdicts;
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"seed {plan.Seed}, {loop.Phase}, evidence in {folder}\n{pipeline.LastWords}");
            throw;
        }
    }

    private static string Program(string sample) => string.Format(
        CultureInfo.InvariantCulture,
        typeof(KillNineTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Programs").Value!,
        sample);

    /// <summary>The test's broker, as the kill loop sees it.</summary>
    private sealed class TestBroker(KafkaServer server) : IBroker
    {
        public string Address => server.ConnectionString;

        public Task KillAsync(CancellationToken cancellationToken) => server.KillAsync(cancellationToken);

        public Task StartAgainAsync(CancellationToken cancellationToken) => server.StartAgainAsync(cancellationToken);

        public async Task<IEnumerable<string>> RunToolAsync(string mainClass, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            var printed = await KafkaServer.ToolAsync(mainClass, ["--bootstrap-server", server.ConnectionString, .. arguments], cancellationToken);
            return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
