using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

public sealed class WarehouseKillTests
{
    [Fact]
    public async Task Fifty_kills_under_load_lose_nothing_double_nothing_and_keep_the_order()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await KillRun.RunAsync("Orders", orders: 90_000, (server, folder) => new WarehouseScenario(server, Path.Combine(folder, "files")), kills: 50);
    }
}
