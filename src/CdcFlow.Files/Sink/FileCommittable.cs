using System.Buffers;
using System.Text.Json;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>The staged files of a checkpoint as readable JSON, and back.</summary>
internal static class FileCommittable
{
    private const int Version = 1;

    public static Committable Write(IReadOnlyCollection<StagedFile> files)
    {
        if (files.Count == 0)
        {
            return Committable.None;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteStartArray("files");
            foreach (var file in files)
            {
                writer.WriteStartObject();
                writer.WriteString("sink", file.Sink);
                writer.WriteString("staged", file.Name);
                writer.WriteString("target", file.Target);
                if (file.Folder is { } folder)
                {
                    writer.WriteString("folder", folder);
                }

                writer.WriteNumber("length", file.Length);
                writer.WriteNumber("crc32c", file.Crc);
                writer.WriteBoolean("ended", file.IsEnded);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new Committable(JsonElement.Parse(buffer.WrittenSpan));
    }

    /// <exception cref="CdcFlowException">It was written by a newer version, or is no file sink's.</exception>
    public static IReadOnlyList<StagedFile> Read(Committable committable)
    {
        if (committable.Json.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        try
        {
            return committable.Json.GetProperty("version").GetInt32() == Version
                ? [.. committable.Json.GetProperty("files").EnumerateArray().Select(Read)]
                : throw FileErrors.NewerCommittable();
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw FileErrors.Unknown("the entry is not a file sink's");
        }
    }

    private static StagedFile Read(JsonElement file) => new(
        Text(file, "sink"), Name(file, "staged"), Name(file, "target"),
        file.GetProperty("length").GetInt64(), file.GetProperty("crc32c").GetUInt32(), file.GetProperty("ended").GetBoolean())
    {
        Folder = file.TryGetProperty("folder", out var folder) ? folder.GetString() : null,
    };

    private static string Text(JsonElement file, string member) => file.GetProperty(member).GetString() ?? throw new FormatException();

    // A checkpoint is data: whatever it says, it names files in the sink's own folders only.
    private static string Name(JsonElement file, string member) =>
        Text(file, member) is var name && name == Path.GetFileName(name) && name is not ("" or "." or "..")
            ? name
            : throw FileErrors.Unknown($"'{member}' is not the name of a file");
}
