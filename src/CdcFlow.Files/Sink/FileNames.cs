using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CdcFlow.Checkpoints;

namespace CdcFlow.Files.Sink;

/// <summary>The only place where file names are made and read. Pure.</summary>
/// <remarks>
/// Published: <c>pipeline.sink.000000000042.000003.000001.jsonl</c> (checkpoint, epoch, number), so that sorting by name is the order of
/// changes and the newest name is the sink's marker. Staged: <c>.000003.pipeline.sink.000017.inprogress</c> (epoch, number),
/// which neither <c>*.jsonl</c> nor a listing without hidden files shows.
/// </remarks>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="sink">The sink's name.</param>
/// <param name="extension">The format's ending, with its dot.</param>
internal sealed class FileNames(string pipeline, string sink, string extension)
{
    private const string StagedEnd = ".inprogress";
    private const int LongestPart = 80;

    private static readonly SearchValues<char> plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly string owner = $"{Safe(pipeline)}.{Safe(sink)}.";

    /// <summary>A name as a part of a file name: whatever it holds, it leads to no other folder and collides with no other name.</summary>
    public static string Safe(string name)
    {
        if (name.Length is > 0 and <= LongestPart && !name.AsSpan().ContainsAnyExcept(plain))
        {
            return name;
        }

        // Not reversible, but distinct: what is readable of it, and a hash of all of it.
        var readable = string.Concat(name.Where(plain.Contains).Take(LongestPart - 18));
        return $"{readable}~{Convert.ToHexStringLower(SHA256.HashData(Bytes(name)))[..16]}";
    }

    // Halves of surrogate pairs are all one in UTF-8.
    private static byte[] Bytes(string name) =>
        name.EnumerateRunes().Contains(Rune.ReplacementChar) ? MemoryMarshal.AsBytes(name.AsSpan()).ToArray() : Encoding.UTF8.GetBytes(name);

    /// <summary>The name under which readers find a file.</summary>
    public string Published(CheckpointRef checkpoint, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{owner}{checkpoint.Id.Value:D12}.{checkpoint.Epoch.Value:D6}.{number:D6}{extension}");

    /// <summary>The checkpoint that published a file; null for a name that is not this sink's.</summary>
    public CheckpointRef? CheckpointOf(string published)
    {
        if (!published.StartsWith(owner, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = published[owner.Length..].Split('.');
        return parts.Length == 4 && TryNumber(parts[0], out var id) && TryNumber(parts[1], out var epoch) && TryNumber(parts[2], out _)
            ? new CheckpointRef(new Epoch(epoch), new CheckpointId(id))
            : null;
    }

    /// <summary>The name of a file that is not yet published.</summary>
    public string Staged(Epoch epoch, int number) =>
        string.Create(CultureInfo.InvariantCulture, $".{epoch.Value:D6}.{owner}{number:D6}{StagedEnd}");

    /// <summary>The epoch and number of a staged file; null for a name that is not this sink's.</summary>
    public (Epoch Epoch, long Number)? StagedBy(string staged)
    {
        if (staged is not ['.', .. var name] || !name.EndsWith(StagedEnd, StringComparison.Ordinal) || name.Split('.', 2) is not [var first, var rest]
            || !rest.StartsWith(owner, StringComparison.Ordinal))
        {
            return null;
        }

        var last = rest[owner.Length..].Split('.')[0];
        return TryNumber(first, out var epoch) && TryNumber(last, out var number) ? (new Epoch(epoch), number) : null;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
