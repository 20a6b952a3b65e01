using System.Globalization;
using System.Text.RegularExpressions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>The only place where the store's file names are written or read.</summary>
internal sealed partial class StorePaths(string directory)
{
    public string Directory { get; } = directory;

    /// <summary>Names the store itself.</summary>
    public string Id => Path.Combine(Directory, "store.id");

    public string Checkpoint(CheckpointRef checkpoint) => Path.Combine(
        Directory, string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Id.Value:D10}@{checkpoint.Epoch.Value:D6}.checkpoint"));

    public string SideFile(SideFileRef file) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{file.Sha256}@{file.Writer.Value:D6}.side"));

    public string Epoch(Epoch epoch) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{epoch.Value:D6}.epoch"));

    /// <summary>Held for as long as the epoch's process lives.</summary>
    public string Alive(Epoch epoch) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{epoch.Value:D6}.alive"));

    /// <summary>Where a file is laid ready before it is renamed: one name per writer, so that two never meet and a successor knows what is older than itself.</summary>
    public static string Temporary(string path, Epoch writer) => $"{path}.{writer}.tmp";

    public static CheckpointRef? ParseCheckpoint(string name) =>
        CheckpointName().Match(name) is { Success: true } match ? new CheckpointRef(new Epoch(Number(match, 2)), new CheckpointId(Number(match, 1))) : null;

    public static SideFileRef? ParseSideFile(string name) =>
        SideFileName().Match(name) is { Success: true } match ? new SideFileRef(match.Groups[1].Value, new Epoch(Number(match, 2))) : null;

    public static Epoch? ParseEpoch(string name) => EpochName().Match(name) is { Success: true } match ? new Epoch(Number(match, 1)) : null;

    public static Epoch? ParseAlive(string name) => AliveName().Match(name) is { Success: true } match ? new Epoch(Number(match, 1)) : null;

    /// <summary>The epoch that laid the file ready.</summary>
    public static Epoch? ParseTemporary(string name) => TemporaryName().Match(name) is { Success: true } match ? new Epoch(Number(match, 1)) : null;

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]{10,18})@([0-9]{6,18})\.checkpoint$")]
    private static partial Regex CheckpointName();

    [GeneratedRegex(@"^([0-9a-f]{64})@([0-9]{6,18})\.side$")]
    private static partial Regex SideFileName();

    [GeneratedRegex(@"^([0-9]{6,18})\.epoch$")]
    private static partial Regex EpochName();

    [GeneratedRegex(@"\.([0-9]{1,18})\.tmp$")]
    private static partial Regex TemporaryName();

    [GeneratedRegex(@"^([0-9]{6,18})\.alive$")]
    private static partial Regex AliveName();
}
