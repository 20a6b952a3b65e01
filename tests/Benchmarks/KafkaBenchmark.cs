using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Kafka;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Connection;
using CdcFlow.TestServers;

namespace CdcFlow.Benchmarks;

/// <summary>The producer alone against the broker's own performance tool: same broker, same record size, same run; and what a fresh session costs.</summary>
internal static partial class KafkaBenchmark
{
    private const int RecordBytes = 434;
    private const int Sessions = 20;
    private const int RecordsPerTransaction = 100_000;

    internal static async Task RunAsync(long rows)
    {
        if (KafkaHome.Missing is { } missing)
        {
            Console.WriteLine($"kafka      skipped: {missing}");
            return;
        }

        await using var server = await KafkaServer.StartAsync();
        await using var cluster = new KafkaCluster(KafkaConnectionString.Parse(server.ConnectionString), TimeProvider.System);
        await cluster.CreateTopicAsync(new NewTopic("bench", 4, 1, new Dictionary<string, string>()), CancellationToken.None);
        await MeasureAsync(server, rows / 4); // tiers and the broker's caches
        var ours = await MeasureAsync(server, rows);
        var theirs = await ToolAsync(server, rows);
        Console.WriteLine(
            $"kafka      producer, {RecordBytes} B, transactions of {RecordsPerTransaction}: {Pairs.Number(ours.RowsPerSecond, 0)} rows/s, {Pairs.Number(ours.RowsPerCpuSecond, 0)} rows per CPU s, "
            + $"{Pairs.Number(ours.BytesPerRow, 3)} B/row allocated (goal 0); ProducerPerformance {Pairs.Number(theirs.RowsPerSecond, 0)} rows/s, {Pairs.Number(theirs.RowsPerCpuSecond, 0)} rows per CPU s; "
            + $"ratio {Pairs.Number(ours.RowsPerSecond / theirs.RowsPerSecond, 2)} wall, {Pairs.Number(ours.RowsPerCpuSecond / theirs.RowsPerCpuSecond, 2)} CPU");
        var (wall, cpu) = await SessionsAsync(cluster);
        Console.WriteLine($"kafka      fresh transactional session: {Pairs.Number(wall, 1)} ms wall, {Pairs.Number(cpu, 1)} ms CPU (median and mean of {Sessions})");
    }

    /// <summary>The child: prints rows per second and bytes allocated per row.</summary>
    internal static async Task ProduceAsync(string connection, long rows)
    {
        await using var cluster = new KafkaCluster(KafkaConnectionString.Parse(connection), TimeProvider.System);
        await using var producer = await cluster.OpenProducerAsync(
            new ProducerOptions("bench", TimeSpan.FromMinutes(1)) { Compression = KafkaCompression.None }, CancellationToken.None);
        var topic = cluster.Topic("bench");
        var value = new byte[RecordBytes];
        KafkaHeader[] headers = [new(new KafkaHeaderName("cdc-pos"), 0, 24)];
        await RunAsync(rows / 10);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        await RunAsync(rows);
        var perRow = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / rows;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows / clock.Elapsed.TotalSeconds:F0} {perRow:F3}"));

        async Task RunAsync(long count)
        {
            for (long row = 0; row < count; row++)
            {
                if (row % RecordsPerTransaction == 0)
                {
                    await producer.BeginAsync(CancellationToken.None);
                }

                while (!Put((int)(row % 4)))
                {
                    await producer.RoomAsync(CancellationToken.None);
                }

                if (row % RecordsPerTransaction == RecordsPerTransaction - 1 || row == count - 1)
                {
                    await producer.FlushAsync(CancellationToken.None);
                    await producer.CommitAsync(CancellationToken.None);
                }
            }
        }

        bool Put(int partition) => producer.TryProduce(new KafkaRecord
        {
            Topic = topic,
            Partition = partition,
            Key = value.AsSpan(0, 8),
            HasKey = true,
            Value = value,
            TimestampMs = 1,
            Headers = headers,
            HeaderBytes = value,
        }) == ProduceResult.Accepted;
    }

    private static async Task<(double RowsPerSecond, double RowsPerCpuSecond, double BytesPerRow)> MeasureAsync(KafkaServer server, long rows)
    {
        var run = await Run.OfAsync(Environment.ProcessPath!, ["child-kafka", server.ConnectionString, $"{rows}"]);
        var figures = run.LastLine.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return (figures[0], rows * 1.1 / run.Cpu.TotalSeconds, figures[1]);
    }

    // Its own warm-up is in its figure as ours is in the CPU time of the child.
    private static async Task<(double RowsPerSecond, double RowsPerCpuSecond)> ToolAsync(KafkaServer server, long rows)
    {
        var cpu = ChildUsage.Cpu;
        var printed = await KafkaServer.ToolAsync(
            "org.apache.kafka.tools.ProducerPerformance",
            [
                "--bootstrap-server", server.ConnectionString, "--topic", "bench", "--num-records", $"{rows}", "--record-size", $"{RecordBytes}", "--throughput", "-1",
                "--command-property", "linger.ms=20", "batch.size=1000000", "buffer.memory=33554432", "--transactional-id", "tool", "--transaction-duration-ms", "500",
            ],
            CancellationToken.None);
        var rate = double.Parse(Rate().Matches(printed)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        return (rate, rows / (ChildUsage.Cpu - cpu).TotalSeconds);
    }

    private static async Task<(double WallMs, double CpuMs)> SessionsAsync(KafkaCluster cluster)
    {
        List<double> wall = [];
        var cpu = Environment.CpuUsage.TotalTime;
        for (var session = 0; session < Sessions; session++)
        {
            var clock = Stopwatch.StartNew();
            await using (await cluster.OpenProducerAsync(new ProducerOptions("bench-session", TimeSpan.FromMinutes(1)), CancellationToken.None))
            {
                wall.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        return (Pairs.Median(wall), (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Sessions);
    }

    [GeneratedRegex(@"([0-9.]+) records/sec")]
    private static partial Regex Rate();
}
