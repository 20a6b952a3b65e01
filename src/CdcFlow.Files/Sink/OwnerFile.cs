using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.IO;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>A hidden file in the connection's folder that says whose instance has opened it last. Its absence tells a folder that was emptied, or whose disk is not
/// mounted, from one whose files readers have taken away.</summary>
internal sealed class OwnerFile(ConnectorContext context, string root)
{
    private const int BytesMax = 4096;

    private readonly IFileSystem files = context.Files;
    private readonly string path = Path.Combine(root, $".{FileNames.Safe(context.Pipeline)}.{FileNames.Safe(context.Connection)}.owner");

    /// <summary>What it says; null where there is none.</summary>
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
            return new SinkMarker(
                StoreId.Parse(json.GetProperty("store").GetString()) ?? throw new FormatException(), new Epoch(json.GetProperty("epoch").GetInt64()), Checkpoint: null)
            {
                WrittenAt = json.GetProperty("openedAt").GetDateTimeOffset(),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw FileErrors.OwnerDamaged(path);
        }
    }

    /// <summary>Says that the folder is this instance's.</summary>
    /// <param name="open">The instance.</param>
    /// <param name="permissions">Of the file; null for what the user's settings give.</param>
    /// <param name="folderPermissions">Of the folder, where it is made.</param>
    public void Write(SinkOpenContext open, UnixFileMode? permissions, UnixFileMode? folderPermissions)
    {
        files.CreateDirectory(root, folderPermissions);
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{open.Epoch}.inprogress");
        files.Delete(aside); // of an opening that did not get to its rename
        using (var file = files.Create(aside, permissions))
        {
            file.Write(Text(open));
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
        if (Read() is not { } found)
        {
            throw FileErrors.Vanished(context.Connection, root);
        }

        if (found.Store != open.Store)
        {
            throw FileErrors.TakenOver(context.Connection, root, found);
        }
    }

    private ReadOnlySpan<byte> Text(SinkOpenContext open)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("store", open.Store.ToString());
            json.WriteNumber("epoch", open.Epoch.Value);
            json.WriteString("openedAt", context.Time.GetUtcNow());
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
