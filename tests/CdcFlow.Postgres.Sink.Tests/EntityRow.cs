using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CdcFlow.Testing;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>An entity of an object-relational mapper as it is: nobody sets its properties but itself, and its values are of the mapper's types.</summary>
[Table("entities", Schema = "src")]
public class EntityRow
{
    public long Id { get; private set; }

    public Mood Mood { get; private set; }

    public Mood? FormerMood { get; private set; }

    public Priority Priority { get; private set; }

    public List<string> Tags { get; private set; } = [];

    public IReadOnlyList<int?>? Numbers { get; private set; }

    public JsonElement Document { get; private set; }

    public JsonDocument? Settings { get; private set; }

    public JsonNode? Extra { get; private set; }

    public BitArray Flags { get; private set; } = new(0);

    public BitArray? Octet { get; private set; }

    public float[] Embedding { get; private set; } = [];

    public ReadOnlyMemory<float>? FormerEmbedding { get; private set; }

    public DateTime CreatedAt { get; private set; }

    public DateTime? LocalTime { get; private set; }

    public Dictionary<string, string>? Labels { get; private set; }

    [Timestamp]
    public uint Version { get; private set; }

    public EntityRow? Parent { get; private set; }
}

/// <summary>A row whose key has an enum in it.</summary>
[Table("moods", Schema = "src")]
public sealed record MoodRow([property: Key] Mood Mood, [property: Key] Priority Priority, string? Note);

public enum Mood
{
    Sad,
    SoSo,

    [EnumMember(Value = "over the moon")]
    Happy,
}

public enum Priority
{
    Low = -1,
    Normal = 0,
    High = 7,
}

/// <summary>Makes the generator write the rows' codecs.</summary>
[CdcPipeline("entities", Delivery = Delivery.AtLeastOnce)]
public sealed partial class EntityPipeline
{
    [PostgresSource("shop"), InMemoryAtLeastOnceSink("out")]
    public partial Changes<EntityRow> Entities { get; }

    [PostgresSource("shop"), InMemoryAtLeastOnceSink("out", Name = "moods")]
    public partial Changes<MoodRow> Moods { get; }

    internal static async Task<SourceToSink> CopyEntitiesAsync(TestDatabase database, string slot) =>
        await SourceToSink<EntityRow, EntityRowCodec>.OpenAsync(database, slot, sink => (sink.Schema, sink.Table) = ("dwh", "entities"));

    internal static async Task<SourceToSink> CopyMoodsAsync(TestDatabase database, string slot) =>
        await SourceToSink<MoodRow, MoodRowCodec>.OpenAsync(database, slot, sink => (sink.Schema, sink.Table) = ("dwh", "moods"));

    internal static Task<Sink> OpenMoodsAsync(TestDatabase database) => Sink.OpenAsync(database);

    /// <summary>A sink of moods alone.</summary>
    internal sealed class Sink : IAsyncDisposable
    {
        private readonly SinkInstance<MoodRow, MoodRowCodec> instance;

        private Sink(SinkInstance<MoodRow, MoodRowCodec> instance) => this.instance = instance;

        public static async Task<Sink> OpenAsync(TestDatabase database) =>
            new(await SinkInstance<MoodRow, MoodRowCodec>.OpenAsync(database.ConnectionString, 1, sink => (sink.Schema, sink.Table) = ("dwh", "moods")));

        public Task<IReadOnlyList<Configuration.PreflightCheck>> ProblemsAsync() => instance.ProblemsAsync();

        public async Task WriteAsync(params MoodRow[] rows)
        {
            await instance.InsertAsync(rows);
            await instance.CheckpointAsync(1);
        }

        public ValueTask DisposeAsync() => instance.DisposeAsync();
    }
}
