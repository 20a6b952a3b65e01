using System.Text;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Connection;

// TrimmedKafka CONNECTION: makes a topic, commits a transaction into it through the package's handle, and reads it again. `./build.sh trimmed`
// runs it trimmed and compiled ahead of time, where a package that finds its functions by reflection has none left.
await using var cluster = new KafkaCluster(KafkaConnectionString.Parse(args[0]), TimeProvider.System);
var topic = $"trimmed-{Guid.NewGuid():n}";
await cluster.CreateTopicAsync(new NewTopic(topic, 1, 1, new Dictionary<string, string>()), CancellationToken.None);
bool isNative;
await using (var producer = await cluster.OpenProducerAsync(new ProducerOptions(topic, TimeSpan.FromMinutes(1)), CancellationToken.None))
{
    isNative = ((KafkaProducer)producer).IsNative;
    await producer.BeginAsync(CancellationToken.None);
    producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 0, Value = "it works"u8 });
    await producer.FlushAsync(CancellationToken.None);
    await producer.CommitAsync(CancellationToken.None);
}

var read = "";
await cluster.ReadAsync(
    new PartitionRange(topic, 0, 0, await cluster.HighWatermarkAsync(topic, 0, CancellationToken.None)), Isolation.ReadCommitted,
    (in FetchedRecord record) => read += Encoding.UTF8.GetString(record.Value), CancellationToken.None);
Console.WriteLine($"{read}, {(isNative ? "through the handle" : "through the package's Produce")}");
return read == "it works" && isNative ? 0 : 1;
