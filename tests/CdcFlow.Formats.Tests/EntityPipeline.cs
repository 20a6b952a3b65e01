using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CdcFlow.Formats.Csv;
using CdcFlow.Formats.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Testing;

namespace CdcFlow.Formats.Tests;

/// <summary>A row with values of the types that entities have, beyond those that every sink knows.</summary>
public sealed class Entity
{
    [Key]
    public long Id { get; set; }

    public JsonElement Document { get; set; }

    public JsonDocument? Settings { get; set; }

    public JsonNode? Extra { get; set; }

    public BitArray? Flags { get; set; }

    public List<string?> Tags { get; set; } = [];

    public ReadOnlyMemory<float> Embedding { get; set; }

    public DateTime At { get; set; }

    [Column(TypeName = "timestamptz")]
    public DateTime ZonedAt { get; set; }

    public Mood Mood { get; set; }
}

public enum Mood
{
    Sad,

    [EnumMember(Value = "over the moon")]
    Happy,
}

/// <summary>Makes the generator write the row's codec, and encodes rows with it.</summary>
[CdcPipeline("entities")]
public sealed partial class EntityPipeline
{
    [InMemorySource("shop"), InMemorySink("lake")]
    public partial Changes<Entity> Entities { get; }

    internal static string Json(Entity row) => Changes.Encoded(new JsonLinesEncoder<Entity, EntityCodec>(new TextFormatOptions()), Insert(row));

    internal static string Csv(Entity row) => Changes.Encoded(new CsvEncoder<Entity, EntityCodec>(new TextFormatOptions()), Insert(row));

    internal static string Record(Entity row, RecordOptions options)
    {
        using var encoder = RecordEncoders.Create<Entity, EntityCodec>(options);
        using var value = new ByteBuffer(16);
        encoder.WriteValue(Insert(row), value);
        return Encoding.UTF8.GetString(value.Written);
    }

    internal static JsonNode Avro(Entity row) => AvroRecords.Decoded<Entity, EntityCodec>(new RecordOptions { Format = RecordFormat.Avro }, Insert(row)).Value;

    private static Change<Entity> Insert(Entity row) => Change<Entity>.Insert(row, Changes.Metadata);
}
