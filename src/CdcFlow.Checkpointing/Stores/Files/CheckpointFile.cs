using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Formats 1 and 2 of a checkpoint file: one header line that guards the rest, and below it JSON that people can read.</summary>
/// <remarks><c>CDCFLOW-CHECKPOINT format=1 id=12 epoch=3 length=812 sha256=…</c>; length and checksum are those of the body.</remarks>
internal static partial class CheckpointFile
{
    /// <summary>The newest format that is read. It is written where there are side files: a program that knows none of them must not go on from such a checkpoint.</summary>
    public const int Format = 2;

    /// <summary>The format of checkpoints without side files.</summary>
    private const int FormatAlone = 1;

    /// <summary>More than any honest state needs: positions and progress, no rows.</summary>
    public const int BodyBytesMax = 64 * 1024 * 1024;

    /// <summary>The largest file that is read.</summary>
    public const int BytesMax = HeaderBytesMax + BodyBytesMax;

    private const int HeaderBytesMax = 256;

    /// <summary>The whole file.</summary>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.TooLarge"/>.</exception>
    public static byte[] Write(CheckpointManifest manifest)
    {
        var body = ManifestJson.Write(manifest);
        if (body.Length > BodyBytesMax)
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.TooLarge,
                $"Checkpoint {manifest.Checkpoint} of pipeline '{manifest.Pipeline}' has {body.Length} bytes; a store takes {BodyBytesMax}.",
                "A state has grown without bound; `checkpoints inspect` on an older checkpoint shows whose it is. `run --restore-from none` begins afresh, with an empty state; rows may then appear twice. " + FreshStart.LeavesDeletedRows,
                ErrorDomain.Internal);
        }

        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"CDCFLOW-CHECKPOINT format={(manifest.SideFiles.Count > 0 ? Format : FormatAlone)} id={manifest.Checkpoint.Id} epoch={manifest.Checkpoint.Epoch} length={body.Length} sha256={Checksum(body)}\n");
        return [.. Encoding.ASCII.GetBytes(header), .. body];
    }

    /// <summary>What is said of a file that is too large to be read.</summary>
    public static StoredCheckpoint TooLarge(CheckpointRef checkpoint, long length) =>
        new DamagedCheckpoint(checkpoint, CheckpointErrorCodes.Damaged, $"its file has {length} bytes, and no checkpoint has more than {BytesMax}");

    /// <summary>Reads and verifies a file that is stored as <paramref name="checkpoint"/>.</summary>
    public static StoredCheckpoint Parse(CheckpointRef checkpoint, ReadOnlyMemory<byte> file)
    {
        var headerLength = file.Span[..Math.Min(file.Length, HeaderBytesMax)].IndexOf((byte)'\n') + 1;
        if (headerLength == 0 || HeaderLine().Match(Encoding.Latin1.GetString(file.Span[..headerLength])) is not { Success: true } header)
        {
            return Damaged("its first line is not that of a checkpoint");
        }

        var body = file[headerLength..];
        return header.Groups["format"].Value is not ("1" or "2") ? Newer(header.Groups["format"].Value)
            : !Is("length", body.Length.ToString(CultureInfo.InvariantCulture)) ? Damaged($"its body has {body.Length} bytes instead of {header.Groups["length"]}")
            : !Is("sha256", Checksum(body.Span)) ? Damaged("its checksum does not fit")
            : !Is("id", checkpoint.Id.ToString()) || !Is("epoch", checkpoint.Epoch.ToString()) ? Damaged("its name and its first line disagree")
            : Body(body);

        bool Is(string field, string value) => header.Groups[field].Value == value;

        DamagedCheckpoint Damaged(string reason) => new(checkpoint, CheckpointErrorCodes.Damaged, reason);

        DamagedCheckpoint Newer(string format) =>
            new(checkpoint, CheckpointErrorCodes.NewerFormat, $"it has format {format}, and this version reads formats {FormatAlone} to {Format}");

        StoredCheckpoint Body(ReadOnlyMemory<byte> json)
        {
            try
            {
                var manifest = ManifestJson.Read(json);
                return manifest.Checkpoint == checkpoint ? new ReadableCheckpoint(manifest) : Damaged("its name and its body disagree");
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
            {
                return Damaged("its body is not a checkpoint");
            }
        }
    }

    private static string Checksum(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    [GeneratedRegex(@"^CDCFLOW-CHECKPOINT format=(?<format>[0-9]{1,9}) id=(?<id>[0-9]{1,18}) epoch=(?<epoch>[0-9]{1,18}) length=(?<length>[0-9]{1,10}) sha256=(?<sha256>[0-9a-f]{64})\n$")]
    private static partial Regex HeaderLine();
}
