using System.Buffers;
using System.IO.Hashing;
using CdcFlow.IO;

namespace CdcFlow.Files.Sink;

/// <summary>Reads a file's first bytes in pieces, since a file may be larger than memory.</summary>
internal static class FileContent
{
    private const int Piece = 128 * 1024;

    /// <summary>The CRC-32C of the first <paramref name="length"/> bytes, or of all where there are fewer.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="copy">Gets the same bytes; null for nobody.</param>
    public static uint Checksum(IFileSystem files, string path, long length, IFileWriter? copy = null)
    {
        var checksum = new Crc32(Crc32ParameterSet.Crc32C);
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            using var content = files.OpenRead(path);
            int read;
            while (length > 0 && (read = content.Read(piece, 0, (int)Math.Min(piece.Length, length))) > 0)
            {
                checksum.Append(piece.AsSpan(0, read));
                copy?.Write(piece.AsSpan(0, read));
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return checksum.GetCurrentHashAsUInt32();
    }
}
