using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>What an epoch file says: who took the epoch, and until when it must be waited for.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Holder">Who took it.</param>
/// <param name="ExpiresAt">When the lease ends unless it is renewed.</param>
/// <param name="IsReleased">Whether the holder has given it back.</param>
internal sealed record EpochRecord(string Pipeline, Epoch Epoch, LeaseHolder Holder, DateTimeOffset ExpiresAt, bool IsReleased)
{
    /// <summary>More than any name of a machine and a pipeline needs.</summary>
    public const int BytesMax = 64 * 1024;

    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("pipeline", Pipeline);
            json.WriteNumber("epoch", Epoch.Value);
            json.WriteString("machine", Holder.Machine);
            json.WriteNumber("processId", Holder.ProcessId);
            json.WriteString("processStarted", Holder.ProcessStarted);
            json.WriteString("expiresAt", ExpiresAt);
            json.WriteBoolean("released", IsReleased);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Null when its writer died before it was whole; the epoch is used up all the same.</summary>
    public static EpochRecord? Parse(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var json = document.RootElement;
            return new EpochRecord(
                json.GetProperty("pipeline").GetString()!,
                new Epoch(json.GetProperty("epoch").GetInt64()),
                new LeaseHolder(
                    json.GetProperty("machine").GetString()!, json.GetProperty("processId").GetInt32(), json.GetProperty("processStarted").GetDateTimeOffset()),
                json.GetProperty("expiresAt").GetDateTimeOffset(),
                json.GetProperty("released").GetBoolean());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
