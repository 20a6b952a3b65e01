using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>What an epoch file says: who took the epoch, and whether it still counts.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Holder">Who took it.</param>
/// <param name="ExpiresAt">When the lease ends unless it is renewed, by the holder's clock. For people; nothing is decided by it.</param>
/// <param name="IsReleased">Whether the holder has given it back.</param>
/// <param name="Renewals">How often it was renewed: no two renewals look alike, whatever the clock shows.</param>
internal sealed record EpochRecord(string Pipeline, Epoch Epoch, LeaseHolder Holder, DateTimeOffset ExpiresAt, bool IsReleased, long Renewals = 0)
{
    /// <summary>More than any name of a machine and a pipeline needs.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly JsonDocumentOptions reading = new() { AllowDuplicateProperties = false };

    public byte[] Write() => Write(Checksum());

    /// <summary>Null when it is damaged or its writer died before it was whole; the epoch is used up all the same.</summary>
    /// <remarks>Version 0.1 wrote neither renewals nor a checksum.</remarks>
    public static EpochRecord? Parse(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file, reading);
            var json = document.RootElement;
            var record = new EpochRecord(
                json.GetProperty("pipeline").GetString()!,
                new Epoch(json.GetProperty("epoch").GetInt64()),
                new LeaseHolder(
                    json.GetProperty("machine").GetString()!, json.GetProperty("processId").GetInt32(), json.GetProperty("processStarted").GetDateTimeOffset()),
                json.GetProperty("expiresAt").GetDateTimeOffset(),
                json.GetProperty("released").GetBoolean(),
                json.TryGetProperty("renewals", out var renewals) ? renewals.GetInt64() : 0);
            return !json.TryGetProperty("sha256", out var checksum) || checksum.GetString() == record.Checksum() ? record : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private string Checksum() => Convert.ToHexStringLower(SHA256.HashData(Write(checksum: null)));

    private byte[] Write(string? checksum)
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
            json.WriteNumber("renewals", Renewals);
            if (checksum is not null)
            {
                json.WriteString("sha256", checksum);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
