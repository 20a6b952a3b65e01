using System.Globalization;
using System.Reflection;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>
/// The sample pipeline as a real process on a real server, killed with -9 under load: inserts, updates, key updates, deletes, rollbacks and
/// large transactions, from the first moments of the snapshot on. <c>./build.sh crash 1000</c> is the same for longer.
/// </summary>
public sealed class KillNineTests
{
    private const int Kills = 50;
    private const int Orders = 90_000;

    [Fact]
    public async Task Fifty_kills_under_load_lose_nothing_double_nothing_and_keep_the_order()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cdcflow-crash-").FullName;
        var seed = Environment.TickCount & 0xffff;
        await using var postgres = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
        await server.FillAsync(Orders, cancellationToken);
        await using var shop = server.Shop();
        await using var warehouse = server.Warehouse();
        var pipeline = new PipelineProcess(OrdersProgram(), server, folder, Path.Combine(folder, "pipeline.log"));
        var load = new ShopLoad(shop, seed, TimeSpan.FromMilliseconds(20));

        var report = await KillLoop.RunAsync(
            pipeline, load, Kills, (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1.5)), seed, killed: _ => { }, cancellationToken);
        var verdicts = await Comparison.CompareAsync(shop, warehouse, pipeline.FilesFolder, cancellationToken);

        Assert.Equal(Kills, report.Kills);
        Assert.True(verdicts.All(verdict => verdict.IsClean), string.Create(CultureInfo.InvariantCulture, $"seed {seed}, evidence in {folder}\n{string.Join('\n', verdicts)}"));
        Assert.True(verdicts[0].Rows > Orders, "the audit files hold the snapshot and the changes");
        Directory.Delete(folder, recursive: true);
    }

    private static string OrdersProgram() =>
        typeof(KillNineTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "OrdersProgram").Value!;
}
