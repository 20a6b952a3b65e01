using System.Globalization;
using Npgsql;

namespace CdcFlow.Postgres.Wire;

/// <summary>Which of the two clients a connection string is for.</summary>
internal enum ConnectionClient
{
    /// <summary>The source: this project's own client.</summary>
    Source,

    /// <summary>The sink: Npgsql.</summary>
    Sink,
}

/// <summary>
/// What becomes of each keyword of a connection string. Every keyword that Npgsql has stands here: it is honoured, or refused by its name; none is
/// ignored.
/// </summary>
internal static class ConnectionKeywords
{
    private const string Unpooled = "a pipeline keeps its connections for itself, without a pool";
    private const string OneHost = "a pipeline reads and writes one server";
    private const string Pinned = "every session pins that setting";
    private const string Secret = "it would put row values or secrets into messages";
    private const string NoKerberos = "these clients log in by password or certificate";
    private const string ByTheSink = "the sink sets it for its own statements";
    private const string Npgsqls = "it means something to Npgsql only";
    private const string KeptAlive = "these clients keep their connections alive by themselves";
    private const string ByMode = "SSL Mode says what is verified";

    /// <summary>The matrix.</summary>
    internal static IReadOnlyList<ConnectionKeyword> All { get; } =
    [
        .. Honoured("Host", "Port", "Database", "Username", "Password", "Application Name", "Timeout", "Require Auth", "Channel Binding"),
        .. Honoured("SSL Mode", "SSL Certificate", "SSL Key", "SSL Password", "Root Certificate", "Check Certificate Revocation"),
        .. OfTheSink("Command Timeout", "Cancellation Timeout", "Keepalive", "SSL Negotiation"),
        .. OfTheSink("Read Buffer Size", "Write Buffer Size", "Socket Receive Buffer Size", "Socket Send Buffer Size"),
        new("Pooling", "False", Unpooled), new("Multiplexing", "False", Unpooled), new("Enlist", "False", Unpooled), new("No Reset On Close", "False", Unpooled),
        .. Refused(Unpooled, "Minimum Pool Size", "Maximum Pool Size", "Connection Idle Lifetime", "Connection Pruning Interval", "Connection Lifetime"),
        .. Refused(Unpooled, "Write Coalescing Buffer Threshold Bytes"),
        new("Target Session Attributes", "any", OneHost), new("Load Balance Hosts", "False", OneHost), .. Refused(OneHost, "Host Recheck Seconds"),
        new("Client Encoding", "UTF8", Pinned), new("Encoding", "UTF8", Pinned), new("Timezone", "UTC", Pinned), .. Refused(Pinned, "Search Path", "Options"),
        new("Persist Security Info", "False", Secret), new("Log Parameters", "False", Secret), new("Include Error Detail", "False", Secret),
        new("Include Failed Batched Command", "False", Secret), new("GSS Encryption Mode", "Disable", NoKerberos),
        .. Refused(NoKerberos, "Kerberos Service Name", "Include Realm"),
        .. Refused("a password belongs into the configuration: Password=…, from the environment or a secret store", "Passfile"),
        .. Refused(ByTheSink, "Max Auto Prepare", "Auto Prepare Min Usages", "Internal Command Timeout"),
        new("TCP Keepalive", "True", KeptAlive), .. Refused(KeptAlive, "TCP Keepalive Time", "TCP Keepalive Interval"),
        new("Trust Server Certificate", "False", ByMode),
        new("Array Nullability Mode", "Never", Npgsqls), new("Load Table Composites", "False", Npgsqls), new("Server Compatibility Mode", "None", Npgsqls),
    ];

    /// <summary>Refuses what the client does not honour.</summary>
    /// <exception cref="CdcFlowException">CDCF4003, with every such keyword and no value.</exception>
    internal static void Refuse(NpgsqlConnectionStringBuilder given, ConnectionClient client)
    {
        var refused = given.Keys.Select(name => (Name: name, Why: WhyRefused(name, given[name], client))).Where(keyword => keyword.Why is not null).ToArray();
        if (refused.Length > 0)
        {
            throw new CdcFlowException(
                PostgresWireErrorCodes.ConnectionString,
                $"The connection string has keywords that the PostgreSQL {(client == ConnectionClient.Source ? "source" : "sink")} does not take: "
                + $"{string.Join("; ", refused.Select(keyword => $"{keyword.Name} ({keyword.Why})"))}.",
                $"Take these keywords out of it: {string.Join(", ", refused.Select(keyword => keyword.Name))}.");
        }
    }

    private static string? WhyRefused(string name, object? value, ConnectionClient client) =>
        All.FirstOrDefault(keyword => string.Equals(keyword.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } known
            ? "this version does not know it"
            : known.WhyRefused(Convert.ToString(value, CultureInfo.InvariantCulture), client);

    private static IEnumerable<ConnectionKeyword> Honoured(params string[] names) => names.Select(name => new ConnectionKeyword(name, null, ""));

    private static IEnumerable<ConnectionKeyword> Refused(string why, params string[] names) => names.Select(name => new ConnectionKeyword(name, "", why));

    private static IEnumerable<ConnectionKeyword> OfTheSink(params string[] names) =>
        names.Select(name => new ConnectionKeyword(name, "", "the source has nothing that it could set") { IsHonouredBySink = true });
}
