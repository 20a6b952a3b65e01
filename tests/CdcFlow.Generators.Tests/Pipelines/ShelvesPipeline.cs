using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CdcFlow.Testing;
using NpgsqlTypes;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Entities with values of types that say what a column's does and are another.</summary>
[CdcPipeline("shelves")]
public sealed partial class ShelvesPipeline
{
    [InMemorySource("shop"), InMemorySink("lake")]
    public partial Changes<Shelf> Shelves { get; }
}

public class Shelf
{
    public long Id { get; private set; }

    public List<string> Tags { get; private set; } = [];

    public IReadOnlyList<string?> Notes { get; private set; } = [];

    public ICollection<int?>? Sizes { get; private set; }

    public JsonElement Settings { get; private set; }

    public JsonDocument? Draft { get; private set; }

    public JsonNode? Extra { get; private set; }

    public ReadOnlyMemory<float> Embedding { get; private set; }

    public ReadOnlyMemory<float>? OldEmbedding { get; private set; }

    public BitArray? Flags { get; private set; }

    public Ripeness Ripeness { get; private set; }

    public Dictionary<string, string>? Labels { get; private set; }

    [Timestamp]
    public uint Version { get; private set; }

    public int WarehouseNumber { get; private set; }

    [ForeignKey(nameof(WarehouseNumber))]
    public Warehouse? Warehouse { get; private set; }

    [ForeignKey(nameof(Owner))]
    public string? OwnerCode { get; private set; }

    public ShelfOwner? Owner { get; private set; }
}

/// <summary>Nothing says that it is an entity but the foreign key.</summary>
public class Warehouse
{
    public int Number { get; set; }
}

public class ShelfOwner
{
    public string Code { get; set; } = "";
}

public enum Ripeness
{
    Unknown,

    [PgName("half-ripe")]
    HalfRipe,

    [EnumMember(Value = "RIPE")]
    Ripe,

    [JsonStringEnumMemberName("ripe")]
    Overripe,
}
