using System.Text;
using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Tests.Sink;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>Instances of a pipeline that write accounts to topics of this rig's own on a broker, and a reader that knows nothing of them.</summary>
/// <param name="server">The broker.</param>
/// <param name="connectionString">How instances are connected; null for the plain listener.</param>
/// <remarks>An instance that is left alone is a process that died: it says nothing to the broker until the rig is disposed.</remarks>
internal sealed class BrokerRig(KafkaServer server, string? connectionString = null) : IAsyncDisposable
{
    /// <summary>What the topics take at most.</summary>
    public const int RecordBytesMax = 20_000;

    /// <summary>A note that makes an account's record too large.</summary>
    public static readonly string TooLong = new('x', RecordBytesMax);

    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string prefix = $"cases-{Guid.NewGuid():n}";
    private readonly KafkaCluster reader = TestCluster.Connect(server.ConnectionString);
    private readonly List<Process> processes = [];

    public string Topic => $"{prefix}-accounts";

    public string Letters => $"{prefix}-letters";

    public string Markers => $"{prefix}-markers";

    /// <summary>What transactional ids begin with.</summary>
    public string Ids => prefix;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts an instance, once those before it are at rest.</summary>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="configure">What else its sink is told.</param>
    /// <param name="holder">Where it says that it runs.</param>
    /// <param name="network">What it is connected through; null for the broker itself.</param>
    /// <param name="sink">The sink's name.</param>
    public async Task<SinkInstance> StartAsync(
        long epoch, Action<KafkaSinkAttribute>? configure = null, string holder = "here", KafkaProxy? network = null, string sink = "accounts")
    {
        foreach (var earlier in processes)
        {
            await earlier.RestAsync();
        }

        var process = Make(epoch, configure, holder, network, sink);
        try
        {
            await process.Instance.OpenAsync();
        }
        catch
        {
            await process.Instance.Connection.DisposeAsync();
            throw;
        }

        processes.Add(process);
        return process.Instance;
    }

    /// <summary>What an instance finds before it is opened.</summary>
    public async Task<PreflightReport> PreflightAsync(Action<KafkaSinkAttribute>? configure = null)
    {
        await using var connection = Make(1, configure, "here", network: null).Instance.Connection;
        return await connection.PreflightAsync(Cancellation);
    }

    /// <summary>The insert of an account: the same change whenever it is asked for, as a source replays it.</summary>
    public static Change<Account> Insert(int id, string? note = null) => Change<Account>.Insert(new Account(id, "Ada", 1m, note), new ChangeMetadata(
        new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")), new SourceTransaction((ulong)id) { CommittedAt = start.AddSeconds(id) }), 0, 0));

    /// <summary>The accounts that readers of committed records see, sorted; it waits for transactions that are open.</summary>
    public async Task<IReadOnlyList<int>> CommittedAsync(string? topic = null) => [.. (await ReadAsync(Isolation.ReadCommitted, topic ?? Topic)).Select(record => record.Id)];

    /// <summary>The accounts that were written at all, sorted, those of aborted and open transactions among them.</summary>
    public async Task<IReadOnlyList<int>> WrittenAsync(string? topic = null) => [.. (await ReadAsync(Isolation.ReadUncommitted, topic ?? Topic)).Select(record => record.Id)];

    /// <summary>The committed dead letters: which account, and the code of what was wrong with it.</summary>
    public Task<List<(int Id, string? Error)>> DeadLettersAsync() => ReadAsync(Isolation.ReadCommitted, Letters);

    public Task AddPartitionsAsync(int partitions) => AlterTopicsAsync("--alter", "--topic", Topic, "--partitions", $"{partitions}");

    /// <summary>What the broker's own tool for settings does.</summary>
    public Task SetAsync(string topic, string config) => KafkaServer.ToolAsync(
        "kafka.admin.ConfigCommand", ["--bootstrap-server", server.ConnectionString, "--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", config], Cancellation);

    /// <summary>The committed records of a topic: key, value and headers as text.</summary>
    public async Task<IReadOnlyList<(string Key, string Value, Dictionary<string, string> Headers)>> RecordsAsync(string topic)
    {
        List<(string, string, Dictionary<string, string>)> records = [];
        var end = await reader.HighWatermarkAsync(topic, 0, Cancellation);
        await reader.ReadAsync(
            new PartitionRange(topic, 0, 0, end), Isolation.ReadCommitted,
            (in FetchedRecord record) => records.Add((
                record.HasKey ? Encoding.UTF8.GetString(record.Key) : "null", record.IsTombstone ? "null" : Encoding.UTF8.GetString(record.Value),
                record.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.Value ?? [])))),
            Cancellation);
        return records;
    }

    /// <summary>The transactional ids of this rig's instances that have a transaction open, as the broker's own tool tells.</summary>
    public async Task<IReadOnlyList<string>> OpenTransactionsAsync() =>
        [.. (await TransactionsAsync("list")).Where(row => row[0].StartsWith(prefix, StringComparison.Ordinal) && row[^1] == "Ongoing").Select(row => row[0])];

    /// <summary>The transactional ids of this rig's instances that the broker knows.</summary>
    public async Task<IReadOnlyList<string>> TransactionalIdsAsync() =>
        [.. (await TransactionsAsync("list")).Select(row => row[0]).Where(id => id.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>The partitions of an open transaction, sorted.</summary>
    public async Task<IReadOnlyList<string>> PartitionsAsync(string transactionalId) =>
        [.. (await TransactionsAsync("describe", "--transactional-id", transactionalId))[^1][^1].Split(',').Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.Instance.Connection.DisposeAsync();
        }

        await reader.DisposeAsync();
    }

    private Process Make(long epoch, Action<KafkaSinkAttribute>? configure, string holder, KafkaProxy? network, string sink = "accounts")
    {
        var attribute = new KafkaSinkAttribute("bus")
        {
            Topic = Topic,
            Format = RecordFormat.Json,
            CreateTopic = true,
            Partitions = 1,
            TopicConfig = $"retention.ms=-1;max.message.bytes={RecordBytesMax}", // brokers delete by the record's time, and these changes are old
            MarkerTopic = Markers,
            TransactionalId = prefix,
        };
        configure?.Invoke(attribute);
        var cluster = new WatchedCluster(TestCluster.Connect(network is null ? connectionString ?? server.ConnectionString : $"Bootstrap Servers={network.ConnectionString};Timeout=5"));
        return new Process(new SinkInstance(cluster, attribute, epoch, holder, TimeProvider.System, sink), cluster, network);
    }

    private async Task<List<string[]>> TransactionsAsync(params string[] arguments)
    {
        var printed = await KafkaServer.ToolAsync(
            "org.apache.kafka.tools.TransactionsCommand", ["--bootstrap-server", server.ConnectionString, .. arguments], Cancellation);
        return [.. printed.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length > 0)];
    }

    private Task<string> AlterTopicsAsync(params string[] arguments) =>
        KafkaServer.ToolAsync("org.apache.kafka.tools.TopicCommand", ["--bootstrap-server", server.ConnectionString, .. arguments], Cancellation);

    private async Task<List<(int Id, string? Error)>> ReadAsync(Isolation isolation, string topic)
    {
        List<(int Id, string? Error)> records = [];
        var partitions = (await reader.DescribeTopicAsync(topic, Cancellation))?.Partitions ?? 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            var end = await reader.HighWatermarkAsync(topic, partition, Cancellation);
            await reader.ReadAsync(new PartitionRange(topic, partition, 0, end), isolation, Take, Cancellation);
        }

        records.Sort();
        return records;

        void Take(in FetchedRecord record) => records.Add((
            JsonElement.Parse(record.Key).GetProperty("id").GetInt32(),
            record.Headers.FirstOrDefault(header => header.Key == "cdc-error").Value is { } code ? Encoding.UTF8.GetString(code) : null));
    }

    private sealed record Process(SinkInstance Instance, WatchedCluster Cluster, KafkaProxy? Network)
    {
        /// <summary>Waits until it does nothing by itself: two producers are opened at the start, and one after the claim and each commit.</summary>
        public Task RestAsync() => Network?.IsAway == true ? Task.CompletedTask : Cluster.OpenedAsync(3 + Instance.Commits);
    }
}
