using System.Globalization;
using System.Security.Cryptography;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>Bytes that stand beside a manifest and not in it: what is large and changes seldom is written once, and named by every manifest that needs it.</summary>
/// <remarks>Immutable, and holds no secret. Its name is its checksum: whoever reads one verifies it by <see cref="Is"/>.</remarks>
public sealed class SideFile
{
    /// <summary>The most bytes that one has.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private SideFile(SideFileRef name, ReadOnlyMemory<byte> bytes) => (Name, Bytes) = (name, bytes);

    /// <summary>Its name.</summary>
    public SideFileRef Name { get; }

    /// <summary>What is in it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Names bytes.</summary>
    /// <param name="writer">The epoch that writes them.</param>
    /// <param name="bytes">Not changed any more.</param>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.TooLarge"/>: more than <see cref="BytesMax"/>.</exception>
    public static SideFile Of(Epoch writer, ReadOnlyMemory<byte> bytes) => bytes.Length <= BytesMax
        ? new SideFile(new SideFileRef(Hash(bytes.Span), writer), bytes)
        : throw new CdcFlowException(
            CheckpointErrorCodes.TooLarge,
            string.Create(CultureInfo.InvariantCulture, $"A side file of a checkpoint of epoch {writer} has {bytes.Length} bytes; a store takes {BytesMax}."),
            "A state has grown without bound. `run --restore-from none` begins afresh, with an empty state; rows may then appear twice. " + FreshStart.LeavesDeletedRows,
            ErrorDomain.Internal);

    /// <summary>Whether bytes are those of a side file.</summary>
    public static bool Is(SideFileRef name, ReadOnlySpan<byte> bytes) => Hash(bytes) == name.Sha256;

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
