using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium;

/// <summary>One member of an envelope's <c>source</c>: its schema and its value.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Schema">What its values are.</param>
/// <param name="Append">Appends the value.</param>
internal sealed record SourceMember(string Name, ConnectSchema Schema, Action<ByteBuffer, SourceFacts> Append)
{
    /// <summary>Whether the value differs between a table's transactions; otherwise it is encoded once.</summary>
    public bool Varies { get; init; }

    public static SourceMember Text(string name, Func<SourceFacts, string> value) =>
        new(name, new(ConnectType.String), (output, facts) => ConnectText.Append(output, value(facts)));

    public static SourceMember Number(string name, Func<SourceFacts, long?> value, bool isOptional = true) =>
        new(name, new(ConnectType.Int64) { IsOptional = isOptional }, (output, facts) => AppendOrNull(output, value(facts))) { Varies = true };

    private static void AppendOrNull(ByteBuffer output, long? value)
    {
        if (value is { } number)
        {
            output.AppendText(number);
        }
        else
        {
            output.Append("null"u8);
        }
    }
}

/// <summary>What an envelope's <c>source</c> is made of.</summary>
/// <param name="Origin">Where the change comes from.</param>
/// <param name="ServerName">Debezium's logical server name.</param>
/// <param name="IsSnapshot">Whether the row was read by the initial snapshot.</param>
internal readonly record struct SourceFacts(ChangeOrigin Origin, string ServerName, bool IsSnapshot)
{
    public long UnixTicks => Origin.CommittedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
}
