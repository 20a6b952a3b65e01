using System.Text.Json;

namespace CdcFlow.Sinks;

/// <summary>What a sink hands over so that any process can finish a checkpoint: readable JSON, opaque to everyone else.</summary>
/// <param name="Json">One JSON value.</param>
public readonly record struct Committable(JsonElement Json)
{
    /// <summary>Nothing to do beyond the sink's own transaction.</summary>
    public static Committable None { get; } = Parse("null");

    /// <summary>Makes a committable out of JSON text.</summary>
    public static Committable Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Committable(document.RootElement.Clone());
    }
}
