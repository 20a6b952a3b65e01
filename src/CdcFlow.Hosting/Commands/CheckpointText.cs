using System.Globalization;
using System.Text;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;

namespace CdcFlow.Hosting.Commands;

/// <summary>Checkpoints for people and for programs. Pure.</summary>
internal static class CheckpointText
{
    /// <summary>One line each; the state is what the store alone can tell.</summary>
    public static string Table(IReadOnlyList<StoredCheckpoint> stored)
    {
        if (stored.Count == 0)
        {
            return "There are no checkpoints.";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"CHECKPOINT",-12} {"CREATED (UTC)",-20} {"STATE",-10} SOURCES AND SINKS");
        foreach (var checkpoint in stored)
        {
            var (created, contents) = checkpoint is ReadableCheckpoint { Manifest: var manifest }
                ? (manifest.CreatedAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), string.Join(", ", manifest.Sources.Keys.Concat(manifest.Sinks.Keys)))
                : ("", ((DamagedCheckpoint)checkpoint).Reason);
            text.Append(CultureInfo.InvariantCulture, $"\n{checkpoint.Checkpoint,-12} {created,-20} {State(checkpoint, stored),-10} {contents}");
        }

        return text.ToString();
    }

    /// <summary>The store's own name, as sinks know it.</summary>
    public static string Store(StoreId? id) => id is { } known ? $"Store {known}" : "The store has no id yet; the next start gives it one.";

    /// <summary>An array of objects.</summary>
    public static string Json(IReadOnlyList<StoredCheckpoint> stored) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var checkpoint in stored)
        {
            json.WriteStartObject();
            json.WriteNumber("id", checkpoint.Checkpoint.Id.Value);
            json.WriteNumber("epoch", checkpoint.Checkpoint.Epoch.Value);
            json.WriteString("state", State(checkpoint, stored));
            if (checkpoint is ReadableCheckpoint readable)
            {
                json.WriteString("createdAt", readable.Manifest.CreatedAt);
                if (readable.Manifest.Store is { } store)
                {
                    json.WriteString("store", store.ToString());
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Without a transactional sink a written checkpoint is decided; with one, only the sink or a later manifest knows. What is older
    /// than a committed one is of no more interest, committed or given up.</summary>
    private static string State(StoredCheckpoint checkpoint, IReadOnlyList<StoredCheckpoint> stored)
    {
        var committed = stored.OfType<ReadableCheckpoint>().Select(readable => readable.Manifest.LastCommitted).OfType<CheckpointRef>().ToList();
        return checkpoint is not ReadableCheckpoint { Manifest: var manifest } ? "damaged"
            : committed.Contains(checkpoint.Checkpoint) ? "committed"
            : committed.Any(other => CheckpointOrder.IsNewer(other, checkpoint.Checkpoint)) ? "superseded"
            : manifest.TransactionalSink is null ? "decided"
            : "prepared";
    }
}
