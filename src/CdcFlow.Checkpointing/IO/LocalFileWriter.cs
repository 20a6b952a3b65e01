using CdcFlow.IO;

namespace CdcFlow.Checkpointing.IO;

/// <summary>An unbuffered file: each write is one call to the system.</summary>
internal sealed class LocalFileWriter(FileStream file) : IFileWriter
{
    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        Length += bytes.Length;
    }

    public void Sync() => file.Flush(flushToDisk: true);

    public void Dispose() => file.Dispose();
}
