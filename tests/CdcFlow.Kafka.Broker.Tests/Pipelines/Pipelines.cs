using System.ComponentModel.DataAnnotations;
using CdcFlow.Formats.Records;
using CdcFlow.Testing;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

public sealed record Item([property: Key] int Id, string Name);

/// <summary>What makes an attempt fail while it is there: a row of the name <see cref="Mine"/>.</summary>
public sealed class Minefield
{
    public const string Mine = "mine";

    public bool IsArmed { get; set; }
}

/// <summary>Whole pipelines from memory to a broker. Each test has its own: databases are known by name in the process.</summary>
[CdcPipeline("orphaned")]
public sealed partial class OrphanedPipeline(Minefield mines)
{
    [InMemorySource("orphaned-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items))]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public bool Safe(Item item) => mines.IsArmed && item.Name == Minefield.Mine ? throw new InvalidOperationException("Stepped on.") : true;
}

[CdcPipeline("unmarked")]
public sealed partial class UnmarkedPipeline
{
    [InMemorySource("unmarked-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("owned")]
public sealed partial class OwnedPipeline
{
    [InMemorySource("owned-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("rolled-back")]
public sealed partial class RolledBackPipeline
{
    [InMemorySource("rolled-back-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

/// <summary>The pipeline of the how-to page.</summary>
[CdcPipeline("orders")]
public sealed partial class OrdersPipeline
{
    [InMemorySource("orders-db")]
    [KafkaSink("bus", Topic = "orders.v1", Format = RecordFormat.Json)]
    public partial Changes<Item> Items { get; }
}
