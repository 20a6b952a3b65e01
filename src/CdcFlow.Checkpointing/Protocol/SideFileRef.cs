using System.Globalization;
using System.Text.RegularExpressions;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>Names a side file of checkpoints: by what is in it, and by the epoch that wrote it.</summary>
/// <remarks>By its writer too, so that a deletion which an older instance has under way never meets what a newer one wrote.</remarks>
/// <param name="Sha256">The SHA-256 of its bytes, as 64 lower-case hexadecimal digits.</param>
/// <param name="Writer">The epoch that wrote it.</param>
public readonly partial record struct SideFileRef(string Sha256, Epoch Writer)
{
    /// <summary>Reads what <see cref="ToString"/> gives; null for anything else.</summary>
    public static SideFileRef? Parse(string? text) => text is not null && Name().Match(text) is { Success: true } match
        ? new SideFileRef(match.Groups[1].Value, new Epoch(long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)))
        : null;

    /// <summary>Hash and epoch, as in <c>2c3b…f97b@28810872</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sha256}@{Writer}");

    [GeneratedRegex(@"^([0-9a-f]{64})@([0-9]{1,18})$")]
    private static partial Regex Name();
}
