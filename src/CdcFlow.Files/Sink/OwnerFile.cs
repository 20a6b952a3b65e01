using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.IO;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>A hidden file in the connection's folder that says whose instance has opened it last, or, after a reset, up to where its files are nobody's. Its absence tells a folder that was emptied, or whose disk is not
/// mounted, from one whose files readers have taken away.</summary>
internal sealed class OwnerFile(ConnectorContext context, string root)
{
    private const int BytesMax = 4096;

    private readonly IFileSystem files = context.Files;
    private readonly string path = Path.Combine(root, $".{FileNames.Safe(context.Pipeline)}.{FileNames.Safe(context.Connection)}.owner");

    /// <summary>Its path, for messages.</summary>
    public string Location => path;

    /// <summary>What it says; null where there is none. After a reset it names no store.</summary>
    /// <exception cref="CdcFlowException">It is damaged.</exception>
    public SinkMarker? Read()
    {
        if (!files.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(files.Length(path) <= BytesMax ? files.ReadAllBytes(path) : []);
            var json = document.RootElement;
            CheckpointRef? before = json.TryGetProperty("before", out var past)
                ? new CheckpointRef(new Epoch(past.GetProperty("epoch").GetInt64()), new CheckpointId(past.GetProperty("id").GetInt64()))
                : null;
            StoreId? store = before is not null && !json.TryGetProperty("store", out _)
                ? null // after a reset
                : StoreId.Parse(json.GetProperty("store").GetString()) ?? throw new FormatException();
            return new SinkMarker(store, new Epoch(json.GetProperty("epoch").GetInt64()), Checkpoint: null)
            {
                WrittenAt = json.GetProperty("openedAt").GetDateTimeOffset(),
                Before = before,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw FileErrors.OwnerDamaged(path);
        }
    }

    /// <summary>Says that the folder is this instance's.</summary>
    /// <param name="open">The instance.</param>
    /// <param name="before">What readers find there from before a reset; null: nothing.</param>
    /// <param name="options">Whose permissions the file and its folder get.</param>
    public void Write(SinkOpenContext open, CheckpointRef? before, FileSinkOptions options) => Write(open.Store, open.Epoch, before, options);

    /// <summary>Says that the folder is nobody's.</summary>
    /// <param name="last">The last instance.</param>
    /// <param name="before">What readers find there; null: nothing, and nothing needs to be said.</param>
    /// <param name="options">Whose permissions the file gets.</param>
    public void Disown(Epoch last, CheckpointRef? before, FileSinkOptions options)
    {
        if (before is not null)
        {
            Write(store: null, last, before, options);
            return;
        }

        files.Delete(path);
        files.SyncDirectory(root);
    }

    private void Write(StoreId? store, Epoch epoch, CheckpointRef? before, FileSinkOptions options)
    {
        files.CreateDirectory(root, options.FolderPermissions);
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{epoch}.inprogress");
        files.Delete(aside); // of an opening that did not get to its rename
        using (var file = files.Create(aside, options.Permissions))
        {
            file.Write(Text(store, epoch, before));
            file.Sync();
        }

        files.Rename(aside, path);
        files.SyncDirectory(root);
    }

    /// <summary>Makes sure that the folder is still there, and still this instance's, before anything is made of what was staged. An older instance of the same store
    /// needs no fence: the store refuses its checkpoints.</summary>
    /// <exception cref="CdcFlowException">It is gone, or another store has taken it over.</exception>
    public void Require(SinkOpenContext open)
    {
        if (Read() is not { Store: not null } found)
        {
            throw FileErrors.Vanished(context.Connection, root);
        }

        if (found.Store != open.Store)
        {
            throw FileErrors.TakenOver(context.Connection, root, found);
        }
    }

    private ReadOnlySpan<byte> Text(StoreId? store, Epoch epoch, CheckpointRef? before)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (store is { } owner)
            {
                json.WriteString("store", owner.ToString());
            }

            json.WriteNumber("epoch", epoch.Value);
            json.WriteString("openedAt", context.Time.GetUtcNow());
            if (before is { } past)
            {
                json.WriteStartObject("before");
                json.WriteNumber("epoch", past.Epoch.Value);
                json.WriteNumber("id", past.Id.Value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
