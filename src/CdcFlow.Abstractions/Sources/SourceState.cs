using System.Text.Json;

namespace CdcFlow.Sources;

/// <summary>All that a source needs to go on from one place: its offset and, while a snapshot runs, how far each table is.</summary>
/// <remarks>Immutable: it is taken while the reader goes on, and written later. Stands in the checkpoint as readable JSON.</remarks>
public abstract record SourceState
{
    /// <summary>Writes the state as one JSON object, with a <c>version</c> member.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);
}
