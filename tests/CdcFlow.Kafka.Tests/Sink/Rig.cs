using System.Text;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>A modelled cluster with one topic of two partitions, and instances of a pipeline that writes accounts to it.</summary>
internal sealed class Rig
{
    public const string Topic = "accounts";
    public const string Markers = "cdcflow.conformance.bus";

    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RigClock clock = new() { Now = start };
    private ulong transaction;

    public Rig() => Kafka = new InMemoryKafka(clock);

    public InMemoryKafka Kafka { get; }

    /// <summary>How often clients ask again.</summary>
    public int Tries { get; set; } = ModelCluster.TriesByDefault;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Wait(TimeSpan time) => clock.Now += time;

    /// <summary>Makes an instance, not opened.</summary>
    public SinkInstance Make(long epoch, Action<KafkaSinkAttribute>? configure = null, string holder = "here")
    {
        var attribute = new KafkaSinkAttribute("bus") { Topic = Topic, Format = RecordFormat.Json, CreateTopic = true, Partitions = 2 };
        configure?.Invoke(attribute);
        return new SinkInstance(new ModelCluster(Kafka, clock) { Tries = Tries }, attribute, epoch, holder, clock);
    }

    /// <summary>Starts an instance.</summary>
    public async Task<SinkInstance> StartAsync(long epoch, Action<KafkaSinkAttribute>? configure = null, string holder = "here")
    {
        var instance = Make(epoch, configure, holder);
        await instance.OpenAsync();
        return instance;
    }

    public Change<Account> Insert(int id, string? note = null) => Change<Account>.Insert(new Account(id, "Ada", 1m, note), Next());

    public Change<Account> Delete(int id) => Change<Account>.Delete(new Account(id, "Ada", 1m, null), Next());

    public Change<Account> Truncate() => Change<Account>.Truncate(Next());

    /// <summary>The metadata of the next transaction's first event.</summary>
    public ChangeMetadata Next(string table = Topic)
    {
        transaction++;
        return new ChangeMetadata(
            new ChangeOrigin(new TableOrigin("shop", new TableId("public", table)), new SourceTransaction(transaction) { CommittedAt = start.AddSeconds(transaction) }), 0, 0);
    }

    /// <summary>The records of a topic's partitions, one after the other.</summary>
    public IReadOnlyList<LoggedMessage> Records(bool committedOnly = true, string topic = Topic) =>
        [.. Enumerable.Range(0, Kafka.DescribeTopic(topic)?.Partitions ?? 0).SelectMany(partition => Kafka.Peek(new KafkaPartition(topic, partition), committedOnly))];

    /// <summary>The keys of the records that readers see, tombstones left out.</summary>
    public IReadOnlyList<string> Keys(bool committedOnly = true, string topic = Topic) =>
        [.. Records(committedOnly, topic).Where(record => record.Message.Value is not null).Select(record => Text(record.Message.Key)).Order(StringComparer.Ordinal)];

    /// <summary>The record key of an account.</summary>
    public static string Key(int id) => $$"""{"id":{{id}}}""";

    public static string Text(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);

    public static string Header(LoggedMessage record, string name) => Text(record.Message.Headers.Single(header => header.Name == name).Value);

    /// <summary>The error that the work ends with.</summary>
    public static async Task<CdcFlowException> FailsAsync(bool isTransient, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.Equal(isTransient, error.IsTransient);
        return error;
    }

    private sealed class RigClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
