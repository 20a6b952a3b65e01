using CdcFlow.Testing.Kafka;
using static CdcFlow.Testing.Kafka.KafkaError;

namespace CdcFlow.Kafka.Tests.Behaviour;

/// <summary>What of the model no client can provoke on brokers at will: late requests, timeouts, transactions half completed.</summary>
public sealed class TransactionModelTests
{
    private static readonly KafkaPartition one = new("topic", 0);
    private static readonly KafkaPartition other = new("topic", 1);
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(1);

    private readonly Clock clock = new();
    private readonly InMemoryKafka kafka;

    public TransactionModelTests()
    {
        kafka = new InMemoryKafka(clock);
        kafka.CreateTopic("topic", 2);
    }

    [Fact]
    public void Commit_that_comes_late_ends_the_next_transaction_of_its_epoch()
    {
        var producer = Begin("first", one);
        kafka.Network.Plan(KafkaRequest.EndTxn, KafkaFault.Duplicated);
        kafka.EndTxn("id", producer, commit: true);
        kafka.AddPartitionsToTxn("id", producer, [one]);
        kafka.Produce("id", producer, one, 1, [Message("torn")]);
        kafka.Network.DeliverLate();
        kafka.DescribeTopic("topic"); // whatever is decided is completed with the next request
        Assert.Equal(["first", "torn"], Values(one));
    }

    [Fact]
    public void Commit_that_comes_late_is_fenced_by_a_raised_epoch()
    {
        var producer = Begin("first", one);
        kafka.Network.Plan(KafkaRequest.EndTxn, KafkaFault.Delayed);
        Refused(RequestTimedOut, () => kafka.EndTxn("id", producer, commit: true));
        Refused(ConcurrentTransactions, () => kafka.InitProducerId("id", timeout));
        var next = kafka.InitProducerId("id", timeout);
        kafka.AddPartitionsToTxn("id", next, [one]);
        kafka.Produce("id", next, one, 0, [Message("second")]);
        kafka.Network.DeliverLate();
        kafka.EndTxn("id", next, commit: false);
        Assert.Empty(Values(one));
    }

    [Fact]
    public void Answer_that_is_lost_leaves_what_was_done()
    {
        var producer = Begin("first", one);
        kafka.Network.Plan(KafkaRequest.EndTxn, KafkaFault.AnswerLost);
        Refused(RequestTimedOut, () => kafka.EndTxn("id", producer, commit: true));
        kafka.EndTxn("id", producer, commit: true);
        Refused(InvalidTxnState, () => kafka.EndTxn("id", producer, commit: false));
        Assert.Equal(["first"], Values(one));
    }

    [Fact]
    public void Request_that_is_lost_leaves_nothing()
    {
        var producer = Begin("first", one);
        kafka.Network.Plan(KafkaRequest.EndTxn, KafkaFault.RequestLost);
        Refused(RequestTimedOut, () => kafka.EndTxn("id", producer, commit: true));
        Assert.Empty(Values(one));
        kafka.EndTxn("id", producer, commit: false);
        Assert.Empty(Values(one));
    }

    [Fact]
    public void Transaction_that_is_too_old_is_aborted_and_its_producer_fenced()
    {
        var producer = Begin("first", one);
        clock.Advance(timeout);
        Refused(ProducerFenced, () => kafka.EndTxn("id", producer, commit: true));
        Assert.Empty(Values(one));
        Assert.Equal(kafka.ListOffsets(one).HighWatermark, kafka.ListOffsets(one).LastStable);
    }

    [Fact]
    public void Markers_come_one_after_the_other_and_the_next_transaction_waits_for_them()
    {
        var producer = Begin("first", one, other);
        kafka.CompletesSlowly = true;
        kafka.EndTxn("id", producer, commit: true);
        Assert.Empty(Values(one));
        Assert.True(kafka.IsCompleting);
        kafka.DescribeTopic("topic");
        Assert.Equal(["first"], Values(one));
        Assert.Empty(Values(other));
        Refused(ConcurrentTransactions, () =>
        {
            kafka.CompletesSlowly = false;
            kafka.AddPartitionsToTxn("id", producer, [one]);
        });
        Assert.Equal(["first"], Values(other));
    }

    [Fact]
    public void Restart_completes_what_was_decided_and_loses_what_is_on_its_way()
    {
        kafka.CompletesSlowly = true;
        var producer = Begin("first", one, other);
        kafka.EndTxn("id", producer, commit: true);
        kafka.Network.Plan(KafkaRequest.Produce, KafkaFault.Delayed);
        Refused(RequestTimedOut, () => kafka.Produce(null, kafka.InitProducerId(null, timeout), one, 0, [Message("late")]));
        kafka.Network.IsUp = false;
        Refused(RequestTimedOut, () => kafka.DescribeTopic("topic"));
        kafka.Restart();
        kafka.Network.DeliverLate();
        Assert.Equal(["first"], Values(one));
        Assert.Equal(["first"], Values(other));
    }

    [Fact]
    public void Batch_that_comes_again_is_appended_once_and_one_out_of_order_not_at_all()
    {
        var producer = kafka.InitProducerId(null, timeout);
        Assert.Equal(0, kafka.Produce(null, producer, one, 0, [Message("a"), Message("b")]));
        Assert.Equal(0, kafka.Produce(null, producer, one, 0, [Message("a"), Message("b")]));
        Refused(OutOfOrderSequenceNumber, () => kafka.Produce(null, producer, one, 3, [Message("d")]));
        Assert.Equal(2, kafka.Produce(null, producer, one, 2, [Message("c")]));
        Assert.Equal(["a", "b", "c"], Values(one));
    }

    [Fact]
    public void Partition_that_is_not_part_of_the_transaction_takes_no_record()
    {
        var producer = Begin("first", one);
        Refused(InvalidTxnState, () => kafka.Produce("id", producer, other, 0, [Message("stray")]));
    }

    [Fact]
    public void Compaction_keeps_the_last_committed_record_of_each_key_at_its_offset()
    {
        var plain = kafka.InitProducerId(null, timeout);
        kafka.Produce(null, plain, one, 0, [Message("1", "a"), Message("2", "b"), Message("3", "a")]);
        var producer = Begin("4", one);
        kafka.EndTxn("id", producer, commit: false);
        kafka.Compact("topic");
        Assert.Equal([(1L, "2"), (2L, "3")], kafka.Peek(one, committedOnly: false).Select(record => (record.Offset, Text(record))));
    }

    [Fact]
    public void Topic_that_is_made_anew_has_another_id_and_no_records()
    {
        var before = kafka.DescribeTopic("topic")!.Id;
        kafka.Produce(null, kafka.InitProducerId(null, timeout), one, 0, [Message("old")]);
        kafka.DeleteTopic("topic");
        Refused(UnknownTopicOrPartition, () => kafka.Fetch(one, 0, 1, committedOnly: true));
        kafka.CreateTopic("topic", 2);
        Assert.NotEqual(before, kafka.DescribeTopic("topic")!.Id);
        Assert.Empty(Values(one));
    }

    [Fact]
    public void Records_that_were_deleted_are_out_of_range()
    {
        kafka.Produce(null, kafka.InitProducerId(null, timeout), one, 0, [Message("a"), Message("b")]);
        kafka.DeleteRecords(one, 1);
        Assert.Equal(1, kafka.ListOffsets(one).LogStart);
        Refused(OffsetOutOfRange, () => kafka.Fetch(one, 0, 2, committedOnly: false));
        Assert.Equal(["b"], Values(one));
    }

    private static KafkaMessage Message(string value, string? key = null) =>
        new(key is null ? null : System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(value), [], 0);

    private static string Text(LoggedMessage record) => System.Text.Encoding.UTF8.GetString(record.Message.Value!);

    private static void Refused(KafkaError error, Action request) => Assert.Equal(error, Assert.Throws<KafkaModelException>(request).Error);

    private List<string> Values(KafkaPartition partition) => [.. kafka.Peek(partition, committedOnly: true).Select(Text)];

    private ProducerIdentity Begin(string value, params KafkaPartition[] partitions)
    {
        var producer = kafka.InitProducerId("id", timeout);
        kafka.AddPartitionsToTxn("id", producer, partitions);
        foreach (var partition in partitions)
        {
            kafka.Produce("id", producer, partition, 0, [Message(value)]);
        }

        return producer;
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan time) => now += time;
    }
}
