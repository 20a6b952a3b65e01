using System.Globalization;
using System.Text.Json;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Pipelines;
using CdcFlow.Benchmarks.Workloads;
using CdcFlow.Formats;
using CdcFlow.Formats.Records;

namespace CdcFlow.Benchmarks;

/// <summary>What a record costs, by format: against copying the finished bytes, and against <see cref="Utf8JsonWriter"/> with the same envelope.</summary>
internal static class EncodeBenchmark
{
    private const int Runs = 7;
    private const int Rows = 4096;
    private const int RowsPerBuffer = 1024;

    internal static void Run(long rows)
    {
        var passes = (int)Math.Max(rows / Rows, 1);
        var large = Changes(changesPerTransaction: 1000);
        var small = Changes(changesPerTransaction: 1);
        using var copied = new ByteBuffer(1 << 20);
        byte[] record = [];

        void Report(string name, Change<OrderLine>[] changes, RecordOptions options)
        {
            using var encoder = SnapshotPipeline.Encoder(options);
            using var output = new ByteBuffer(1 << 20);
            encoder.WriteValue(changes[0], output);
            record = output.Written.ToArray();
            List<Sample> ours = [], copies = [], writers = [];
            for (var run = 0; run <= Runs; run++)
            {
                var encode = Measure(passes, output, changes, (change, to) => encoder.WriteValue(change, to));
                var copy = Measure(passes, copied, changes, (_, to) => to.Append(record));
                var writer = Measure(passes / 4, output, changes, WriteByWriter);
                if (run > 0)
                {
                    ours.Add(encode);
                    copies.Add(copy);
                    writers.Add(writer);
                }
            }

            Console.WriteLine($"encode     {name,-34} {Median(ours, sample => sample.GigabytesPerSecond)} GB/s per core, "
                + $"{Median(ours, sample => sample.NanosecondsPerRow, 0)} ns/row, {record.Length} B/record, {Median(ours, sample => sample.AllocatedPerRow, 3)} B/row allocated; "
                + $"copying the bytes {Median(copies, sample => sample.NanosecondsPerRow, 0)} ns, "
                + $"Utf8JsonWriter with the same envelope {Median(writers, sample => sample.NanosecondsPerRow, 0)} ns");
        }

        Report("debezium-json", large, new RecordOptions());
        Report("debezium-json, 1 row a transaction", small, new RecordOptions());
        Report("json", large, new RecordOptions { Format = RecordFormat.Json });
        Report("cloudevents", large, new RecordOptions { Format = RecordFormat.CloudEvents });
        Report("debezium-avro", large, new RecordOptions { Format = RecordFormat.DebeziumAvro });
        Report("debezium-avro, 1 row a transaction", small, new RecordOptions { Format = RecordFormat.DebeziumAvro });
        Report("avro", large, new RecordOptions { Format = RecordFormat.Avro });
    }

    private static Sample Measure(int passes, ByteBuffer output, Change<OrderLine>[] changes, Action<Change<OrderLine>, ByteBuffer> write)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        long bytes = 0;
        for (var pass = 0; pass < passes; pass++)
        {
            for (var index = 0; index < changes.Length; index++)
            {
                if (index % RowsPerBuffer == 0)
                {
                    bytes += output.Length;
                    output.Clear();
                }

                write(changes[index], output);
            }
        }

        bytes += output.Length;
        var used = Environment.CpuUsage.TotalTime - cpu;
        output.Clear();
        return new Sample(used, bytes, (long)passes * changes.Length, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static string Median(IEnumerable<Sample> samples, Func<Sample, double> figure, int decimals = 2) => Pairs.Number(Pairs.Median(samples.Select(figure)), decimals);

    private static Change<OrderLine>[] Changes(int changesPerTransaction)
    {
        var random = new Random(1);
        var origin = Origin(0);
        var changes = new Change<OrderLine>[Rows];
        for (var index = 0; index < Rows; index++)
        {
            if (index % changesPerTransaction == 0)
            {
                origin = Origin(index);
            }

            var row = new OrderLine(
                index, random.Next(1_000_000), random.Next(10_000), random.Next(1, 10), random.Next(1_000_000) / 100m, "shipped",
                index % 2 == 0 ? null : "leave it at the neighbour's door, second floor left", true, Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddMicroseconds(random.NextInt64(1L << 50)));
            changes[index] = Change<OrderLine>.Insert(row, new ChangeMetadata(origin, index, 0));
        }

        return changes;
    }

    private static ChangeOrigin Origin(int transaction) => new(
        new TableOrigin("shop", new TableId("public", "order_line")) { Connector = "postgresql", Database = "app" },
        new Transaction(0x16B3748ul + (ulong)transaction, 700 + transaction) { CommittedAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(transaction) });

    // As a program would write it that makes no tree and no intermediate text.
    private static void WriteByWriter(Change<OrderLine> change, ByteBuffer output)
    {
        Writer.Reset(output);
        var (row, origin) = (change.After!, change.Metadata.Origin);
        var at = origin.Transaction.CommittedAt.ToUnixTimeMilliseconds();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Writer.WriteStartObject();
        Writer.WriteNull("before"u8);
        Writer.WriteStartObject("after"u8);
        Writer.WriteNumber("id"u8, row.Id);
        Writer.WriteNumber("customer_id"u8, row.CustomerId);
        Writer.WriteNumber("product_id"u8, row.ProductId);
        Writer.WriteNumber("quantity"u8, row.Quantity);
        Writer.WriteNumber("price"u8, row.Price);
        Writer.WriteString("status"u8, row.Status);
        Writer.WriteString("note"u8, row.Note);
        Writer.WriteBoolean("shipped"u8, row.Shipped);
        Writer.WriteString("tracking"u8, row.Tracking);
        Writer.WriteString("changed_at"u8, row.ChangedAt);
        Writer.WriteEndObject();
        Writer.WriteStartObject("source"u8);
        Writer.WriteString("version"u8, "0.1.0"u8);
        Writer.WriteString("connector"u8, origin.Table.Connector);
        Writer.WriteString("name"u8, origin.Table.Source);
        Writer.WriteNumber("ts_ms"u8, at);
        Writer.WriteString("snapshot"u8, "false"u8);
        Writer.WriteString("db"u8, origin.Table.Database);
        Writer.WriteString("sequence"u8, "[null,\"23803720\"]"u8);
        Writer.WriteNumber("ts_us"u8, at * 1_000);
        Writer.WriteNumber("ts_ns"u8, at * 1_000_000);
        Writer.WriteString("schema"u8, origin.Table.Id.Schema);
        Writer.WriteString("table"u8, origin.Table.Id.Name);
        Writer.WriteString("txId"u8, origin.Transaction.Name);
        Writer.WriteNumber("lsn"u8, origin.Transaction.Place);
        Writer.WriteNull("xmin"u8);
        Writer.WriteEndObject();
        Writer.WriteNull("transaction"u8);
        Writer.WriteString("op"u8, "c"u8);
        Writer.WriteNumber("ts_ms"u8, now);
        Writer.WriteNumber("ts_us"u8, now * 1_000);
        Writer.WriteNumber("ts_ns"u8, now * 1_000_000);
        Writer.WriteEndObject();
        Writer.Flush();
    }

    private static Utf8JsonWriter Writer { get; } = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    private sealed class Transaction(ulong place, int number) : SourceTransaction(place)
    {
        public override string? Name => number.ToString(CultureInfo.InvariantCulture);
    }

    private readonly record struct Sample(TimeSpan Cpu, long Bytes, long Rows, long Allocated)
    {
        internal double GigabytesPerSecond => Bytes / Cpu.TotalNanoseconds;

        internal double NanosecondsPerRow => Cpu.TotalNanoseconds / Rows;

        internal double AllocatedPerRow => (double)Allocated / Rows;
    }
}
