using System.Globalization;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Workloads;
using CdcFlow.TestServers;

namespace CdcFlow.Benchmarks;

/// <summary>PostgreSQL into Kafka, against Kafka's own load generator, which sends the very same values.</summary>
internal sealed class KafkaPipelineBenchmark(BenchServer server, KafkaServer kafka, long rows)
{
    private const int Repetitions = 3;
    private const int GoalPerCpuSecond = 155_000;
    private const int Samples = 10_000;
    private const string Tools = "org.apache.kafka.tools";
    private static readonly string payload = Path.Combine(Path.GetTempPath(), $"cdcflow-payload-{Environment.ProcessId}");
    private int runs;

    internal static async Task RunAsync(BenchServer server, long rows)
    {
        if (KafkaHome.Missing is { } missing)
        {
            Console.WriteLine($"kafka      from PostgreSQL: not measured. {missing}");
            return;
        }

        await using var kafka = await KafkaServer.StartFastAsync();
        try
        {
            await new KafkaPipelineBenchmark(server, kafka, rows).MeasureAsync();
        }
        finally
        {
            File.Delete(payload);
        }
    }

    private async Task MeasureAsync()
    {
        await server.FillAsync(rows);
        await SampleAsync();
        var inTable = OrderLineBytes.PerRow(rows, oneStatus: false);
        await MeasureAsync("snapshot, exactly once", () => OursAsync("snapshot"), inTable);
        await MeasureAsync("snapshot, at least once", () => OursAsync("at-least-once"), inTable);
        await LogBenchmark.PrepareAsync(server, rows);
        await MeasureAsync("catch-up, exactly once", () => LogBenchmark.WithSlotAsync(server, slot => OursAsync("log", slot)),
            OrderLineBytes.PerRow(rows, oneStatus: true));
    }

    private async Task MeasureAsync(string what, Func<Task<Run>> ours, double userBytes)
    {
        var result = await Pairs.MeasureAsync(Repetitions, ours, GeneratorAsync);
        var bytes = double.Parse(result.Ours[^1].LastLine.Split(' ')[0], CultureInfo.InvariantCulture) / rows - userBytes;
        Console.WriteLine(
            $"kafka      from PostgreSQL: {what}: {Pairs.Number(rows / result.OursSeconds, 0)} rows/s, {Pairs.Number(result.WallRatio)}× of Kafka's producer-perf-test " +
            $"({Pairs.Number(rows / result.LimitSeconds, 0)}); {Pairs.Number(rows / result.OursCpuSeconds, 0)} rows per client CPU second (goal ≥ {GoalPerCpuSecond:N0}; " +
            $"producer-perf-test {Pairs.Number(rows / result.LimitCpuSeconds, 0)}); {Pairs.Number(bytes, 1)} B/row allocated beyond the user's own; " +
            $"peak {result.Ours[^1].LastLine.Split(' ')[1]} MB");
    }

    private async Task<Run> OursAsync(string what, string slot = "")
    {
        var topic = $"bench.{++runs}";
        var run = await Run.OfAsync(Environment.ProcessPath!, ["child-kafka-pipeline", what, server.ConnectionString, kafka.ConnectionString, slot, topic]);
        await RequireAllAsync(topic);
        await DeleteAsync(topic);
        return run;
    }

    /// <summary>Values of a real run, for the load generator to send.</summary>
    private async Task SampleAsync()
    {
        const string topic = "bench.sample";
        await Run.OfAsync(Environment.ProcessPath!, ["child-kafka-pipeline", "snapshot", server.ConnectionString, kafka.ConnectionString, "", topic]);
        await File.WriteAllTextAsync(payload, await ToolAsync("consumer.ConsoleConsumer", "--topic", topic, "--from-beginning", "--max-messages", $"{Samples}"));
        await DeleteAsync(topic);
    }

    // Transactions of a second, as ours; batches and compression as ours.
    private async Task<Run> GeneratorAsync()
    {
        var topic = $"bench.{++runs}";
        await ToolAsync("TopicCommand", "--create", "--topic", topic, "--partitions", "3");
        var (program, arguments) = KafkaHome.Tool($"{Tools}.ProducerPerformance");
        var run = await Run.OfAsync(program,
        [
            .. arguments, "--topic", topic, "--num-records", $"{rows}", "--throughput", "-1", "--payload-file", payload, "--transactional-id", "bench-generator",
            "--transaction-duration-ms", "1000", "--producer-props", $"bootstrap.servers={kafka.ConnectionString}", "compression.type=lz4", "batch.size=1000000", "linger.ms=20",
        ]);
        await DeleteAsync(topic);
        return run;
    }

    /// <summary>Each row is a record: the offsets count them and the ends of transactions.</summary>
    private async Task RequireAllAsync(string topic)
    {
        var ends = await ToolAsync("GetOffsetShell", "--topic", topic);
        var records = ends.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => long.Parse(line.Split(':')[2], CultureInfo.InvariantCulture));
        if (records < rows)
        {
            throw new InvalidOperationException($"The topic has {records} records for {rows} rows.");
        }
    }

    private Task<string> DeleteAsync(string topic) => ToolAsync("TopicCommand", "--delete", "--topic", topic);

    private Task<string> ToolAsync(string tool, params string[] arguments) =>
        KafkaServer.ToolAsync($"{Tools}.{tool}", ["--bootstrap-server", kafka.ConnectionString, .. arguments], CancellationToken.None);
}
