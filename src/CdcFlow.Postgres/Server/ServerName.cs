using System.Text;

namespace CdcFlow.Postgres.Server;

/// <summary>What PostgreSQL takes as a name, and would otherwise say at the start, or cut without a word.</summary>
internal static class ServerName
{
    private const int LongestName = 63;

    /// <summary>Why a replication slot cannot have this name; null: it can.</summary>
    internal static string? WhyNoSlot(string name) =>
        name.Length is > 0 and <= LongestName && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_')
            ? null
            : $"is no name of a replication slot: PostgreSQL takes 1 to {LongestName} lower-case letters, digits and underscores, as in cdcflow_orders";

    /// <summary>Why nothing else can have it; null: it can.</summary>
    internal static string? WhyNone(string name) =>
        name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(name) <= LongestName
            ? null
            : $"is no name: PostgreSQL takes 1 to {LongestName} bytes without zero characters, and would cut a longer one";
}
