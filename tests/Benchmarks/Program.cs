using CdcFlow.Benchmarks;
using CdcFlow.Benchmarks.Workloads;

// Benchmarks [snapshot|log|restart|operators|encode|kafka]... [--rows N]: without a name, all of them. Every line is a ratio to a limit measured in the same run.
if (await Children.RunAsync(args))
{
    return 0;
}

var at = Array.IndexOf(args, "--rows");
var rows = at >= 0 ? long.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : (long?)null;
var names = args.Where((argument, index) => at < 0 || (index != at && index != at + 1)).ToArray();
bool Wants(string name) => names.Length == 0 || names.Contains(name);

if (Wants("operators"))
{
    await OperatorBenchmark.RunAsync(rows ?? 20_000_000);
}

if (Wants("encode"))
{
    EncodeBenchmark.Run(rows ?? 2_000_000);
}

if (Wants("snapshot") || Wants("log") || Wants("restart") || Wants("kafka"))
{
    await using var server = await BenchServer.StartAsync();
    if (Wants("snapshot"))
    {
        await SnapshotBenchmark.RunAsync(server, rows ?? 10_000_000);
    }

    if (Wants("log"))
    {
        await LogBenchmark.RunAsync(server, rows ?? 3_000_000);
    }

    if (Wants("restart"))
    {
        await RestartBenchmark.RunAsync(server);
    }

    if (Wants("kafka"))
    {
        await KafkaPipelineBenchmark.RunAsync(server, rows ?? 1_000_000);
    }
}

if (Wants("kafka"))
{
    await KafkaBenchmark.RunAsync(rows ?? 2_000_000);
}

return 0;
