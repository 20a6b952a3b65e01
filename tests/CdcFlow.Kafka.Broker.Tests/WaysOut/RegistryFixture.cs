using System.Buffers.Binary;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Kafka.Broker.Tests.SchemaRegistry;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>A pipeline whose records are read by the schemas that a real registry has for them.</summary>
public sealed class RegistryFixture(SharedBroker broker) : BreakablePipeline<RegisteredPipeline>(broker, "registered-db")
{
    public const string Registry = "ConnectionStrings:registry";

    private string registry = "";

    internal override IReadOnlyList<(string Name, string? Value)> Always => [(Registry, registry)];

    /// <summary>Adds an item; gives the registry's address.</summary>
    internal async Task<string> BeginAsync(string name = "item")
    {
        registry = await RealRegistry.ConnectionStringAsync();
        await AddAsync(name);
        return registry;
    }

    internal override async Task<IReadOnlyList<int>> ItemsAsync()
    {
        await using var cluster = TestCluster.Connect(Server.ConnectionString);
        List<byte[]> values = [];
        var end = await cluster.HighWatermarkAsync(Rig.Topic, 0, TestContext.Current.CancellationToken);
        await cluster.ReadAsync(
            new PartitionRange(Rig.Topic, 0, 0, end), Isolation.ReadCommitted, (in FetchedRecord record) => values.Add(record.Value.ToArray()), TestContext.Current.CancellationToken);
        List<int> items = [];
        foreach (var value in values)
        {
            var schema = await RealRegistry.SchemaAsync(BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1)));
            items.Add(AvroReader.Decode(schema, value.AsSpan(5))!["id"]!.GetValue<int>());
        }

        return items;
    }
}
