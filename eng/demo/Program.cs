using System.Globalization;
using System.Runtime.InteropServices;
using CdcFlow.TestServers;
using Shop;

// Shop demo [kafka] | crash [kafka] KILLS [BROKER_KILLS] — started by build.sh, which says where the pipeline's program and a folder to work in are.
// The servers are throwaway ones: however this process ends, so do they.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var folder = Setting("SHOP_FOLDER");
var isDemo = args[0] == "demo";
var numbers = args.Skip(1).Where(argument => argument != "kafka").Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
await using var broker = args.Contains("kafka") ? await KafkaFinder.StartAsync(stop.Token) : null;
await using var postgres = await PostgresFinder.StartAsync(stop.Token);
Console.WriteLine($"PostgreSQL: {postgres.Origin}{(broker is null ? "" : $"; Kafka: {broker.Origin}")}");
var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
IScenario scenario = broker is null ? new WarehouseScenario(server, Path.Combine(folder, "files")) : new KafkaScenario(broker);
var seed = int.TryParse(Environment.GetEnvironmentVariable("SHOP_SEED"), out var given) ? given : Environment.TickCount & 0xffff;
var plan = isDemo
    ? new KillPlan(5, (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), seed)
    : new KillPlan(numbers[0], (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1.5)), seed, numbers.ElementAtOrDefault(1));
var pipeline = new PipelineProcess(Setting("SHOP_PIPELINE"), scenario, server, folder, isDemo ? null : Path.Combine(folder, "pipeline.log"));

try
{
    Console.WriteLine($"filling the shop: {ShopServer.Orders:N0} orders, {ShopServer.Customers:N0} customers");
    await server.FillAsync(ShopServer.Orders, stop.Token);
    await using var shop = server.Shop();
    var load = new ShopLoad(shop, seed, TimeSpan.FromMilliseconds(10));
    var loop = new KillLoop(pipeline, load, broker, plan);
    var report = await RunAsync(loop);

    Console.WriteLine("comparing");
    var verdicts = await scenario.CompareAsync(shop, stop.Token);
    Console.WriteLine();
    Console.WriteLine(string.Join('\n', verdicts));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{report.Kills} kills of the pipeline, {report.BrokerKills} of the broker, {report.RowsChanged:N0} rows changed meanwhile; caught up within {report.CatchUp.TotalSeconds:N1} s; {verdicts[0].Rows / report.Elapsed.TotalSeconds:N0} rows/s over all ({report.Elapsed.TotalSeconds:N0} s, kills included); seed {seed}"));
    Console.WriteLine($"rows lost: {verdicts.Sum(v => v.Lost)}   rows doubled: {verdicts.Sum(v => v.Doubled)}   out of order: {verdicts.Sum(v => v.OutOfOrder)}");
    return verdicts.All(verdict => verdict.IsClean) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
finally
{
    if (!Console.IsOutputRedirected)
    {
        Console.Write("\e[?25h"); // a killed progress display leaves the cursor hidden
    }

    Console.WriteLine($"output, checkpoints and logs of this run: {folder}");
}

async Task<KillReport> RunAsync(KillLoop loop)
{
    try
    {
        return await loop.RunAsync(Killed, stop.Token);
    }
    catch (Exception) when (!stop.IsCancellationRequested)
    {
        Console.Error.WriteLine($"Failed in {loop.Phase}; seed {seed}.\n{pipeline.LastWords}");
        throw;
    }
}

void Killed(int kill)
{
    if (isDemo || kill % 10 == 0)
    {
        Console.WriteLine($"--- kill -9, {kill} of {plan.Kills}");
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}, or start it by build.sh.");
