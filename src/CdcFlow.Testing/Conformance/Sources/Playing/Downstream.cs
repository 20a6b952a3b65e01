using System.Buffers;
using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Sources;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>What came out of a source, over all its lives: elements in order, and the state after each round.</summary>
internal sealed class Downstream
{
    private readonly List<Seen> seen = [];
    private readonly List<SeenRound> rounds = [];

    public IReadOnlyList<Seen> All => seen;

    public IReadOnlyList<SeenRound> Rounds => rounds;

    public IEnumerable<SeenChange> Changes => seen.OfType<SeenChange>();

    /// <summary>The state to go on from; null before the first round.</summary>
    public JsonElement? State => rounds.Count == 0 ? null : rounds[^1].State;

    public IEnumerable<SeenChange> ChangesOf(StandTable table) => Changes.Where(change => change.Table == table);

    /// <summary>Takes a round and gives its batches back.</summary>
    public void Take(SourceRound round, IReadOnlyList<StandTable> tables)
    {
        foreach (var (output, element) in round.Elements)
        {
            Findings.Require(output >= 0 && output < tables.Count, () => $"An element is for output {output}, and {tables.Count} tables were added.");
            Take(element, tables[output]);
        }

        rounds.Add(new SeenRound(seen.Count, Json(round.State), round.State));
    }

    /// <summary>What there was when a round had come: as sinks have it that crash back to the checkpoint after it.</summary>
    public Downstream Until(int round)
    {
        var earlier = new Downstream();
        earlier.rounds.AddRange(rounds.Take(round + 1));
        earlier.seen.AddRange(seen.Take(rounds[round].Count));
        return earlier;
    }

    private void Take(StreamElement element, StandTable table)
    {
        switch (element)
        {
            case SchemaChange change:
                seen.Add(new SeenSchema(table, change));
                break;
            case ChangeBatch batch:
                seen.AddRange(table.ChangesOf(batch, rounds.Count)
                    ?? throw new ConformanceException($"A batch for the output of {table} has rows of another type than {table.RowType.Name}."));
                batch.Release();
                break;
        }
    }

    private static JsonElement Json(SourceState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            state.WriteTo(writer);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        var json = document.RootElement.Clone();
        Findings.Require(
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty("version", out _), () => $"A state is to be one JSON object with a version, and is {json.GetRawText()}.");
        return json;
    }
}
