using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Net.Mail;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Broker.Tests.Pipelines;
using CdcFlow.Rows;
using CdcFlow.Testing;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

[CdcPipeline("settings")]
public sealed partial class SettingsPipeline
{
    [InMemorySource("settings-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

public sealed class SettingsFixture(SharedBroker broker) : BreakablePipeline<SettingsPipeline>(broker, "settings-db");

/// <summary>What a program makes of rows: its next version makes something else.</summary>
public sealed class Program
{
    public string? Name { get; set; }

    public string? At { get; set; }

    public int? Partition { get; set; }
}

/// <summary>An item as a program makes it.</summary>
public sealed record MadeItem([property: Key] int Id, string Name, [property: Column(TypeName = "timestamp")] string? At) : IKafkaRow
{
    [NotMapped]
    public int? Chosen { get; init; }

    public int? Partition(int partitions) => Chosen;
}

[CdcPipeline("made")]
public sealed partial class MadePipeline(Program program)
{
    [InMemorySource("made-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items))]
    [KafkaSink("bus", Format = RecordFormat.DebeziumJson, CreateTopic = true, Partitions = 1)]
    public MadeItem Make(Item item) => new(item.Id, program.Name ?? item.Name, program.At) { Chosen = program.Partition };
}

public sealed class MadeFixture(SharedBroker broker) : BreakablePipeline<MadePipeline>(broker, "made-db");

[CdcPipeline("registered")]
public sealed partial class RegisteredPipeline(Program program)
{
    [InMemorySource("registered-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items))]
    [KafkaSink("bus", Format = RecordFormat.Avro, SchemaRegistry = "registry", CreateTopic = true, Partitions = 1)]
    public Item Make(Item item) => item with { Name = program.Name ?? item.Name };
}

/// <summary>A row one of whose columns bears a name that flat records write themselves.</summary>
public sealed record Operated([property: Key] int Id, string Op);

[CdcPipeline("operated")]
public sealed partial class OperatedPipeline
{
    [InMemorySource("operated-db")]
    [KafkaSink("bus", Format = RecordFormat.DebeziumJson, CreateTopic = true, Partitions = 1)]
    public partial Changes<Operated> Items { get; }
}

/// <summary>A row with a column whose type has no form in records.</summary>
public sealed record Addressee([property: Key] int Id, MailAddress Contact);

[CdcPipeline("addressees")]
public sealed partial class AddresseePipeline
{
    [InMemorySource("addressees-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Addressee> Items { get; }
}

/// <summary>The same row in the program's next version.</summary>
public sealed record ConvertedAddressee([property: Key] int Id, [property: ColumnConverter<AddressText>] MailAddress Contact);

/// <summary>An address as text.</summary>
public readonly struct AddressText : IColumnConverter<string, MailAddress>
{
    public static MailAddress FromColumn(string value) => new(value);

    public static string ToColumn(MailAddress value) => value.Address;
}

[CdcPipeline("converted-addressees")]
public sealed partial class ConvertedAddresseePipeline
{
    [InMemorySource("converted-addressees-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<ConvertedAddressee> Items { get; }
}

[CdcPipeline("foreign-marker")]
public sealed partial class ForeignMarkerPipeline
{
    [InMemorySource("foreign-marker-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("unfit-marker")]
public sealed partial class UnfitMarkerPipeline
{
    [InMemorySource("unfit-marker-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("away")]
public sealed partial class AwayPipeline
{
    [InMemorySource("away-db")]
    [KafkaSink("bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}
