using System.Globalization;
using System.Runtime.InteropServices;
using Shop;

// Shop demo|crash KILLS — started by run.sh, which says where the server, the pipeline and a folder to work in are.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var server = new ShopServer(Setting("SHOP_SERVER"));
var folder = Setting("SHOP_FOLDER");
var isDemo = args is ["demo"];
var kills = isDemo ? 5 : int.Parse(args[1], CultureInfo.InvariantCulture);
var seed = int.TryParse(Environment.GetEnvironmentVariable("SHOP_SEED"), out var given) ? given : Environment.TickCount & 0xffff;
var pipeline = new PipelineProcess(Setting("SHOP_PIPELINE"), server, folder, isDemo ? null : Path.Combine(folder, "pipeline.log"));

try
{
    Console.WriteLine($"filling the shop: {ShopServer.Orders:N0} orders, {ShopServer.Customers:N0} customers");
    await server.FillAsync(ShopServer.Orders, stop.Token);
    await using var shop = server.Shop();
    var load = new ShopLoad(shop, seed, TimeSpan.FromMilliseconds(10));
    var lives = isDemo ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)) : (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1.5));
    var report = await KillLoop.RunAsync(pipeline, load, kills, lives, seed, Killed, stop.Token);

    await using var warehouse = server.Warehouse();
    var verdicts = await Comparison.CompareAsync(shop, warehouse, pipeline.FilesFolder, stop.Token);
    Console.WriteLine();
    Console.WriteLine(string.Join('\n', verdicts));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{report.Kills} kills, {report.RowsChanged:N0} rows changed meanwhile; caught up within {report.CatchUp.TotalSeconds:N1} s; {verdicts[0].Rows / report.Elapsed.TotalSeconds:N0} rows/s over all ({report.Elapsed.TotalSeconds:N0} s, kills included); seed {seed}"));
    Console.WriteLine($"rows lost: {verdicts.Sum(v => v.Lost)}   rows doubled: {verdicts.Sum(v => v.Doubled)}   out of order: {verdicts.Sum(v => v.OutOfOrder)}");
    return verdicts.All(verdict => verdict.IsClean) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Killed(int kill)
{
    if (isDemo || kill % 10 == 0)
    {
        Console.WriteLine($"--- kill -9, {kill} of {kills}");
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}, or start eng/demo/run.sh.");
