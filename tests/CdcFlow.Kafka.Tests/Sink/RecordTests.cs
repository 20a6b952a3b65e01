using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>What becomes of changes: keys, partitions, headers, times, tombstones, truncates, dead letters.</summary>
public sealed class RecordTests
{
    private readonly Rig rig = new();

    [Fact]
    public async Task Record_has_its_key_its_place_in_the_log_and_the_time_of_its_commit()
    {
        var instance = await rig.StartAsync(1);
        await instance.WriteAsync(rig.Insert(7));
        await instance.CheckpointAsync(1);
        var record = Assert.Single(rig.Records());
        Assert.Equal("""{"id":7}""", Rig.Text(record.Message.Key));
        Assert.Equal("shop/0000000000000001/0/0", Rig.Header(record, "cdc-pos"));
        Assert.Equal("application/json", Rig.Header(record, "content-type"));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero).ToUnixTimeMilliseconds(), record.Message.TimestampMs);
    }

    [Fact]
    public async Task Keys_are_in_the_partitions_that_jvm_producers_choose()
    {
        var instance = await rig.StartAsync(1, attribute => attribute.Partitions = 5);
        await instance.WriteAsync([.. Enumerable.Range(1, 50).Select(id => rig.Insert(id))]);
        await instance.CheckpointAsync(1);
        for (var partition = 0; partition < 5; partition++)
        {
            Assert.All(
                rig.Kafka.Peek(new KafkaPartition(Rig.Topic, partition), committedOnly: true),
                record => Assert.Equal(partition, (Murmur2.Hash(record.Message.Key) & int.MaxValue) % 5));
        }

        Assert.Equal(50, rig.Records().Count);
    }

    [Fact]
    public async Task Delete_is_followed_by_a_tombstone_unless_that_is_not_wanted()
    {
        var instance = await rig.StartAsync(1);
        await instance.WriteAsync(rig.Insert(7), rig.Delete(7));
        await instance.CheckpointAsync(1);
        Assert.Equal([false, false, true], rig.Records().Select(record => record.Message.Value is null));
        Assert.Equal(Rig.Text(rig.Records()[1].Message.Key), Rig.Text(rig.Records()[2].Message.Key));

        var without = await rig.StartAsync(2, attribute => attribute.Tombstones = false);
        await without.WriteAsync(rig.Delete(7));
        await without.CheckpointAsync(2);
        Assert.Equal(4, rig.Records().Count);
    }

    [Fact]
    public async Task Truncate_is_in_every_partition_or_nowhere_or_refused()
    {
        var instance = await rig.StartAsync(1);
        await instance.WriteAsync(rig.Truncate());
        await instance.CheckpointAsync(1);
        Assert.Equal(["null", "null"], rig.Records().Select(record => Rig.Text(record.Message.Key)));
        Assert.Equal([1, 1], Enumerable.Range(0, 2).Select(partition => rig.Kafka.Peek(new KafkaPartition(Rig.Topic, partition), true).Count));

        var skipping = await rig.StartAsync(2, attribute => attribute.Truncates = TruncateMode.Skip);
        await skipping.WriteAsync(rig.Truncate());
        await skipping.CheckpointAsync(2);
        Assert.Equal(2, rig.Records().Count);

        var refusing = await rig.StartAsync(3, attribute => attribute.Truncates = TruncateMode.Refuse);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => refusing.WriteAsync(rig.Truncate()));
        Assert.Equal(KafkaSinkErrors.TruncateRefused, error.Code);
        Assert.True(error.IsSinkRefusal);
    }

    [Fact]
    public async Task Full_queue_changes_nothing_but_the_pace()
    {
        var instance = await rig.StartAsync(1);
        await instance.WriteAsync([.. Enumerable.Range(1, 300).SelectMany(id => new[] { rig.Insert(id), rig.Delete(id) })]);
        await instance.CheckpointAsync(1);
        Assert.Equal(900, rig.Records().Count);
        Assert.Equal(600, rig.Keys().Count);
    }

    [Fact]
    public async Task Dead_letters_beyond_the_limit_stop_the_pipeline()
    {
        var large = new string('x', 1_100_000);
        var instance = await rig.StartAsync(1, attribute => (attribute.DeadLetterTopic, attribute.DeadLettersMax) = ("dead-{table}", 2));
        await instance.WriteAsync(rig.Insert(1, large), rig.Insert(2, large));
        await instance.CheckpointAsync(1);
        await instance.WriteAsync(rig.Insert(3, large), rig.Insert(4, large));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => instance.WriteAsync(rig.Insert(5, large)));
        Assert.Equal(KafkaSinkErrors.DeadLettersTooMany, error.Code);
        Assert.Equal(2, rig.Records(topic: "dead-accounts").Count);
    }

    [Fact]
    public async Task Topic_names_come_from_tables_and_are_not_trusted()
    {
        Assert.Equal("shop.public.orders", TopicTemplate.Parse("{source}.{schema}.{table}").Of(rig.Next("orders").Origin));
        foreach (var table in new[] { "../etc", "naïve", "", new string('x', 260) })
        {
            Assert.Equal(KafkaSinkErrors.TopicNameInvalid, Assert.Throws<CdcFlowException>(() => TopicTemplate.Parse("{table}").Of(rig.Next(table).Origin)).Code);
        }

        Assert.Throws<CdcFlowException>(() => TopicTemplate.Parse("or ders"));
        var instance = await rig.StartAsync(1, attribute => attribute.Topic = "{source}-{table}");
        await instance.WriteAsync(rig.Insert(1));
        await instance.CheckpointAsync(1);
        Assert.Single(rig.Records(topic: "shop-accounts"));
    }

    [Fact]
    public async Task Missing_topic_stops_the_pipeline_with_the_command_that_makes_it()
    {
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(1, attribute => attribute.CreateTopic = false));
        Assert.Equal(KafkaSinkErrors.TopicMissing, error.Code);
        Assert.Contains("kafka-topics.sh --create --topic accounts", error.Fix, StringComparison.Ordinal);
        var report = await rig.Make(2, attribute => attribute.CreateTopic = false).Connection.PreflightAsync(Rig.Cancellation);
        Assert.Contains(report.Checks, check => check.Status == PreflightStatus.Failed && check.Code == KafkaSinkErrors.TopicMissing);
    }

    [Fact]
    public async Task Timeout_that_the_broker_does_not_allow_is_found_before_the_start()
    {
        var report = await rig.Make(1, attribute => attribute.TransactionTimeoutSeconds = 3600).Connection.PreflightAsync(Rig.Cancellation);
        Assert.Contains(report.Checks, check => check.Status == PreflightStatus.Failed && check.Code == KafkaSinkErrors.TransactionTimeoutTooLong);
    }

    [Fact]
    public async Task Preflight_does_not_fence_a_running_instance_and_creates_no_topic()
    {
        Assert.True((await rig.Make(1).Connection.PreflightAsync(Rig.Cancellation)).Passed);
        Assert.Empty(rig.Kafka.TopicNames);
        var running = await rig.StartAsync(1);
        await running.WriteAsync(rig.Insert(1));
        await rig.Make(2).Connection.PreflightAsync(Rig.Cancellation);
        await running.CheckpointAsync(1);
        Assert.Single(rig.Keys());
    }

    [Fact]
    public async Task Marker_topic_of_another_pipeline_is_refused()
    {
        rig.Kafka.CreateTopic(Rig.Markers, 1);
        rig.Kafka.Produce(null, rig.Kafka.InitProducerId(null, TimeSpan.FromMinutes(1)), new KafkaPartition(Rig.Markers, 0), 0, [new KafkaMessage("other"u8.ToArray(), "{}"u8.ToArray(), [], 0)]);
        Assert.Equal(KafkaSinkErrors.MarkerUnreadable, (await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(1))).Code);
        rig.Kafka.DeleteTopic(Rig.Markers);
        rig.Kafka.CreateTopic(Rig.Markers, 2);
        Assert.Equal(KafkaSinkErrors.MarkerTopicUnfit, (await Assert.ThrowsAsync<CdcFlowException>(() => rig.StartAsync(1))).Code);
    }

    [Fact]
    public async Task Marker_is_found_behind_many_aborted_ones_and_after_compaction()
    {
        var first = await rig.StartAsync(1);
        await first.CheckpointAsync(1);
        for (var epoch = 2; epoch < 120; epoch++)
        {
            var doomed = await rig.StartAsync(epoch);
            await doomed.PrepareAsync(epoch);
            rig.Kafka.Compact(Rig.Markers);
        }

        Assert.Equal(1, (await rig.StartAsync(200)).Marker?.Id.Value);
    }

    [Fact]
    public async Task At_least_once_records_are_there_before_the_checkpoint_and_the_marker_with_it()
    {
        var instance = rig.Make(1);
        await instance.OpenAsync(Delivery.AtLeastOnce);
        await instance.WriteAsync(rig.Insert(1));
        var permit = await instance.PrepareAsync(1);
        Assert.Single(rig.Keys());
        Assert.Null((await rig.StartAsync(2)).Marker);
        await Assert.ThrowsAsync<CdcFlowException>(() => instance.CommitAsync(permit));

        var next = rig.Make(3);
        await next.OpenAsync(Delivery.AtLeastOnce);
        await next.WriteAsync(rig.Insert(1));
        await next.CheckpointAsync(1);
        Assert.Equal(2, rig.Keys().Count);
        Assert.Equal(1, (await rig.StartAsync(4)).Marker?.Id.Value);
    }

    [Fact]
    public void Row_type_chooses_key_partition_headers_and_time()
    {
        using var record = new ChangeRecord<ShapedRow>(new TextEncoder<ShapedRow>(row => $"{row.Id}"), RecordFormat.Json);
        var change = Change<ShapedRow>.Insert(new ShapedRow(5), rig.Next());
        Assert.Null(record.Encode(change, []));
        var topic = new BoundTopic(new Client.KafkaTopic("t", 0)) { Rules = TopicRules.Untold, As = new KnownTopic(Guid.Empty, 9), Limit = new RecordLimit(1000, 1000) };
        Assert.Equal(5, record.ChosenPartition(topic));
        var made = record.For(topic, 5);
        Assert.Equal("shaped 5"u8, made.Key);
        Assert.Equal(1234, made.TimestampMs);
        Assert.Equal("tenant", made.Headers[^1].Name.Text);
        Assert.Equal("t5"u8, made.HeaderBytes.Slice(made.Headers[^1].Start, made.Headers[^1].Length));
    }

    // IBM/sarama #907, weiboad/kafka-php #317: times at or before the beginning of 1970 became another time, or none.
    [Theory]
    [InlineData("1969-07-20T20:17:40Z", 1)]
    [InlineData("0001-01-01T00:00:00Z", 1)]
    [InlineData("1970-01-01T00:00:00Z", 1)]
    [InlineData("1970-01-01T00:00:00.002Z", 2)]
    [InlineData("9999-12-31T23:59:59.999Z", 253402300799999)]
    public void Time_that_a_row_type_chooses_never_becomes_that_of_writing(string chosen, long expected)
    {
        using var record = new ChangeRecord<TimedRow>(new TextEncoder<TimedRow>(row => $"{row.Id}"), RecordFormat.Json);
        var at = DateTimeOffset.Parse(chosen, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Null(record.Encode(Change<TimedRow>.Insert(new TimedRow(5, at), rig.Next()), []));
        Assert.Equal(expected, record.Time.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Update_of_a_key_names_the_other_key_on_both_records()
    {
        using var record = new ChangeRecord<Plain>(new TextEncoder<Plain>(row => $"{row.Id}"), RecordFormat.DebeziumJson);
        var at = rig.Next();
        Change<Plain>[] changes = [Change<Plain>.Delete(new Plain(1), at), Change<Plain>.Insert(new Plain(2), at with { Row = 1 }), Change<Plain>.Insert(new Plain(3), rig.Next())];
        Assert.Equal(["cdc-pos", "__debezium.newkey=2"], Headers(record, changes, 0));
        Assert.Equal(["cdc-pos", "__debezium.oldkey=1"], Headers(record, changes, 1));
        Assert.Equal(["cdc-pos"], Headers(record, changes, 2));
    }

    [Fact]
    public async Task Change_without_a_form_goes_to_the_dead_letters_or_stops_the_pipeline()
    {
        var options = KafkaSinkOptions.Resolve(
            new KafkaSinkAttribute("bus") { Topic = "plain", DeadLetterTopic = "dead", CreateTopic = true, Format = RecordFormat.Json }, "plain", Conformance.KafkaSinkTarget.Context(), ConnectorSettings.None);
        Assert.Equal(KafkaSinkErrors.RecordUnencodable, (await Assert.ThrowsAsync<CdcFlowException>(() => WriteAsync(options with { DeadLetterTopic = null }, 1))).Code);
        await WriteAsync(options, 2);
        var letter = Assert.Single(rig.Records(topic: "dead"));
        Assert.Equal("13", Rig.Text(letter.Message.Key));
        Assert.Empty(letter.Message.Value!);
        Assert.Contains("unlucky", Rig.Header(letter, "cdc-cause"), StringComparison.Ordinal);
        Assert.Equal(["12", "14"], rig.Keys(topic: "plain"));
    }

    [Fact, Trait("WayOut", "CDCF2105")]
    public async Task Record_of_more_than_two_gigabytes_goes_on_without_its_largest_column()
    {
        var options = KafkaSinkOptions.Resolve(
            new KafkaSinkAttribute("bus") { Topic = "plain", CreateTopic = true, Format = RecordFormat.Json }, "plain", Conformance.KafkaSinkTarget.Context(), ConnectorSettings.None);
        for (var start = 1; start <= 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => WriteAsync(options, start, row => row.Id == 13 ? int.MaxValue : 1));
            Assert.Equal((KafkaSinkErrors.RecordUnencodable, FormatErrors.RecordTooLarge), (error.Code, ((CdcFlowException)error.InnerException!).Code));
            Assert.Contains("Leave its largest columns out with a transform", error.Fix, StringComparison.Ordinal);
        }

        await WriteAsync(options, 3, _ => 1);
        Assert.Equal(["12", "13", "14"], rig.Keys(topic: "plain"));
    }

    private static List<string> Headers(ChangeRecord<Plain> record, Change<Plain>[] changes, int index)
    {
        Assert.Null(record.Encode(changes[index], changes.AsSpan(index + 1)));
        List<string> headers = [];
        foreach (var header in record.Headers.All)
        {
            var value = System.Text.Encoding.UTF8.GetString(record.Headers.Bytes.Slice(header.Start, header.Length));
            headers.Add(header.Name.Text == "cdc-pos" ? "cdc-pos" : $"{header.Name}={value}");
        }

        return headers;
    }

    private Task WriteAsync(KafkaSinkOptions options, long epoch) => WriteAsync(options, epoch, new TextEncoder<Plain>(row =>
        row.Id == 13 ? throw new CdcFlowException("CDCF0000", "The number is unlucky.", "Take another.") : $"{row.Id}"));

    /// <summary>With values of so many bytes, of which none is touched.</summary>
    private Task WriteAsync(KafkaSinkOptions options, long epoch, Func<Plain, int> bytes) => WriteAsync(options, epoch, new SizedEncoder(bytes));

    private async Task WriteAsync(KafkaSinkOptions options, long epoch, IRecordEncoder<Plain> encoder)
    {
        var time = TimeProvider.System;
        var opening = new SinkOpening(
            new Model.ModelCluster(rig.Kafka, time), KafkaConnectionOptions.Resolve(new KafkaSinkAttribute("bus"), Conformance.KafkaSinkTarget.Context()),
            new Sinks.SinkOpenContext("conformance", new Checkpoints.Epoch(epoch), Delivery.ExactlyOnce, Testing.Conformance.SinkConformance.Store), "here", time);
        await using var session = await opening.RunAsync(Rig.Cancellation);
        using var writer = new KafkaSinkWriter<Plain>(options, encoder);
        await writer.OpenAsync(session, Rig.Cancellation);
        var batch = new Batches.ChangeBatch<Plain>();
        for (var id = 12; id < 15; id++)
        {
            batch.Add(Change<Plain>.Insert(new Plain(id), rig.Next()));
        }

        await writer.WriteAsync(batch, Rig.Cancellation);
        var checkpoint = new Checkpoints.CheckpointRef(new Checkpoints.Epoch(epoch), new Checkpoints.CheckpointId(1));
        await session.PrepareAsync(checkpoint, Rig.Cancellation);
        await session.CommitAsync(checkpoint, Rig.Cancellation);
    }

    private sealed record Plain(int Id);

    private sealed record TimedRow(int Id, DateTimeOffset At) : IKafkaRow
    {
        public DateTimeOffset? Timestamp => At;
    }

    private sealed record ShapedRow(int Id) : IKafkaRow
    {
        public DateTimeOffset? Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(1234);

        public bool TryWriteKey(ByteBuffer key)
        {
            key.Append("shaped "u8);
            key.AppendText(Id);
            return true;
        }

        public int? Partition(int partitions) => Id % partitions;

        public void WriteHeaders(KafkaHeaders headers) => headers.Add("tenant", $"t{Id}");
    }

    private sealed class SizedEncoder(Func<Plain, int> bytes) : IRecordEncoder<Plain>
    {
        public string ContentType => "";

        public void WriteKey(in Change<Plain> change, ByteBuffer output) => output.AppendText(change.Row.Id);

        public void WriteValue(in Change<Plain> change, ByteBuffer output)
        {
            output.GetSpan(Math.Min(bytes(change.Row), Array.MaxLength));
            output.Advance(Math.Min(bytes(change.Row), Array.MaxLength));
            if (bytes(change.Row) > Array.MaxLength)
            {
                output.Append(0);
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Stands in for a format: the key is the row's number, and the value a text of it.</summary>
    private sealed class TextEncoder<T>(Func<T, string> value) : IRecordEncoder<T>
        where T : class
    {
        public string ContentType => "";

        public void WriteKey(in Change<T> change, ByteBuffer output) => output.AppendText(change.Row is Plain plain ? plain.Id : 0);

        public void WriteValue(in Change<T> change, ByteBuffer output) => output.Append(System.Text.Encoding.UTF8.GetBytes(value(change.Row)));

        public void Dispose()
        {
        }
    }
}
