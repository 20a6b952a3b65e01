using System.Text.RegularExpressions;

namespace CdcFlow.Checkpointing.Definitions;

/// <summary>The scheme by which methods were hashed: the number before a hash. Hashes of different schemes say nothing of one another. Pure.</summary>
internal static partial class ContentScheme
{
    /// <summary>Whether two definitions have hashes of different schemes.</summary>
    public static bool Differs(Definition before, Definition now) => Of(before) is { } old && Of(now) is { } scheme && old != scheme;

    /// <summary>The definition as if nothing were known of what its methods do. What a graph that was built by hand says stays.</summary>
    public static Definition Without(Definition definition) =>
        definition with { Nodes = [.. definition.Nodes.Select(node => SchemeOf(node) is null ? node : node with { Content = null })] };

    // One program has one.
    private static string? Of(Definition definition) => definition.Nodes.Select(SchemeOf).FirstOrDefault(scheme => scheme is not null);

    private static string? SchemeOf(DefinedNode node) => Hash().Match(node.Content ?? "") is { Success: true } hash ? hash.Groups[1].Value : null;

    [GeneratedRegex("^([0-9]+)-[0-9a-f]{16}$")]
    private static partial Regex Hash();
}
