using System.Globalization;
using System.Reflection;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>
/// The sample pipelines as real processes on real servers, killed with -9 under load: inserts, updates, key updates, deletes, rollbacks and
/// large transactions, from the first moments of the snapshot on. <c>./build.sh crash</c> is the same for longer.
/// </summary>
internal static class KillRun
{
    private static readonly (TimeSpan Shortest, TimeSpan Longest) lives = (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1.5));

    /// <summary>Fills a shop, kills the pipeline as planned, lets it finish, and compares.</summary>
    /// <param name="sample">The sample whose pipeline it is.</param>
    /// <param name="orders">How many orders are there at first.</param>
    /// <param name="scenarioOf">What it writes to; told the shop's server and a folder of the run's own.</param>
    /// <param name="kills">How often it is killed.</param>
    /// <param name="broker">What is killed besides, if anything.</param>
    /// <param name="brokerKills">How often.</param>
    /// <returns>One verdict per sink, all clean.</returns>
    internal static async Task<IReadOnlyList<Verdict>> RunAsync(
        string sample, int orders, Func<ShopServer, string, IScenario> scenarioOf, int kills, IBroker? broker = null, int brokerKills = 0)
    {
        var plan = new KillPlan(kills, lives, Environment.TickCount & 0xffff, brokerKills);
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = TestContext.Current.TestOutputHelper!;
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
            output.WriteLine($"{await loop.RunAsync(killed: _ => { }, cancellationToken)}, seed {plan.Seed}");
            var verdicts = await scenario.CompareAsync(shop, cancellationToken);
            output.WriteLine(string.Join('\n', verdicts));
            Assert.All(verdicts, verdict => Assert.True(verdict.IsClean, verdict.ToString()));
            Assert.True(verdicts[0].Rows > orders, $"the sink holds the snapshot and the changes: {verdicts[0]}");
            Directory.Delete(folder, recursive: true);
            return verdicts;
        }
        catch (Exception)
        {
            output.WriteLine($"seed {plan.Seed}, {loop.Phase}, evidence in {folder}\n{pipeline.LastWords}");
            throw;
        }
    }

    internal static string Program(string sample) => string.Format(
        CultureInfo.InvariantCulture,
        typeof(KillRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Programs").Value!,
        sample);
}
