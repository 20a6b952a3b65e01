namespace CdcFlow.Files.Sink;

/// <summary>A durable file that no reader sees, and what to make of it: one entry of a committable.</summary>
/// <param name="Sink">The sink that wrote it.</param>
/// <param name="Name">Its name in the staging folder.</param>
/// <param name="Target">The name to publish it under.</param>
/// <param name="Length">How many of its bytes belong to the checkpoint.</param>
/// <param name="Crc">The CRC-32C of those bytes.</param>
/// <param name="IsEnded">Whether the file ends there. One that does not is published by its writer at a later checkpoint, or, after a crash,
/// by whoever finishes this one.</param>
internal sealed record StagedFile(string Sink, string Name, string Target, long Length, uint Crc, bool IsEnded)
{
    /// <summary>The folder that it is in, from that of the connection; null where an earlier version staged it, which did not say.</summary>
    public string? Folder { get; init; }
}
