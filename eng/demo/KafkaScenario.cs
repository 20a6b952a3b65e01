using CdcFlow.TestServers;
using Npgsql;

namespace Shop;

/// <summary>samples/OrdersToKafka: three topics of one transaction, read back by Kafka's own console consumer.</summary>
/// <param name="broker">Where the topics are.</param>
public sealed class KafkaScenario(IBroker broker) : IScenario
{
    /// <summary>The topic that has every change.</summary>
    public const string Changes = "shop.orders";

    public string Pipeline => "orders-to-kafka";

    public IReadOnlyDictionary<string, string> Sinks { get; } = new Dictionary<string, string> { ["bus"] = broker.Address };

    public async Task<IReadOnlyList<Verdict>> CompareAsync(NpgsqlDataSource shop, CancellationToken cancellationToken) =>
    [
        await JudgeAsync(Changes, ChangeLine.Debezium, (sink, changes) => ChangeComparison.AuditAsync(sink, shop, changes, cancellationToken), cancellationToken),
        await JudgeAsync("invoices.small", ChangeLine.Flat,
            (sink, changes) => ChangeComparison.FoldAsync(sink, shop, Invoices.ExpectedSmall, changes, Invoices.Content, cancellationToken), cancellationToken),
        await JudgeAsync("invoices.large", ChangeLine.Flat,
            (sink, changes) => ChangeComparison.FoldAsync(sink, shop, Invoices.ExpectedLarge, changes, Invoices.Content, cancellationToken), cancellationToken),
    ];

    private async Task<Verdict> JudgeAsync(
        string topic, Func<string, ChangeLine> parse, Func<string, IEnumerable<ChangeLine>, Task<Verdict>> judge, CancellationToken cancellationToken)
    {
        var committed = TopicRecord.ReadAsync(broker, topic, committedOnly: true, cancellationToken);
        var everything = TopicRecord.ReadAsync(broker, topic, committedOnly: false, cancellationToken);
        var reading = new TopicOrder();
        var verdict = await judge($"topic {topic}", (await committed).Where(reading.Note).Select(record => parse(record.Value!)));
        return verdict with { OutOfOrder = verdict.OutOfOrder + reading.OutOfOrder, Aborted = (await everything).LongCount() - reading.Records };
    }

    /// <summary>Counts records, and sees to it that Kafka's own order holds: offsets rise, and a key stays in its partition.</summary>
    private sealed class TopicOrder
    {
        private readonly Dictionary<string, int> partitions = [];
        private readonly Dictionary<int, long> offsets = [];

        public long Records { get; private set; }

        public long OutOfOrder { get; private set; }

        /// <returns>Whether it is a change: a tombstone follows the record of its delete and says nothing more.</returns>
        public bool Note(TopicRecord record)
        {
            Records++;
            var isInOrder = partitions.TryAdd(record.Key, record.Partition) || partitions[record.Key] == record.Partition;
            isInOrder &= record.Offset > offsets.GetValueOrDefault(record.Partition, -1);
            offsets[record.Partition] = record.Offset;
            OutOfOrder += isInOrder ? 0 : 1;
            return record.Value is not null;
        }
    }
}
