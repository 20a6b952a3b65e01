using System.Data.Common;
using System.Globalization;

namespace CdcFlow.Kafka.Connection;

/// <summary>Reads <c>ConnectionStrings:{name}</c>: a list of <c>host:port</c>, or keywords as in
/// <c>Bootstrap Servers=a:9093,b:9093;Username=…;Password=…</c>. See <c>docs/reference/kafka-connection.md</c>.</summary>
internal static class KafkaConnectionString
{
    private static readonly string[] keywords =
    [
        "Bootstrap Servers", "SSL Mode", "Root Certificate", "SSL Certificate", "SSL Key", "SSL Password",
        "SASL Mechanism", "Username", "Password", "Token Endpoint", "Client Id", "Client Secret", "Scope", "Client Name", "Timeout",
    ];

    private static readonly string[] tlsKeywords = ["Root Certificate", "SSL Certificate", "SSL Key", "SSL Password"];

    /// <exception cref="CdcFlowException">CDCF5202: the sentence names keywords, never values.</exception>
    internal static KafkaConnectionSettings Parse(string connectionString)
    {
        if (!connectionString.Contains('=', StringComparison.Ordinal))
        {
            return new KafkaConnectionSettings { BootstrapServers = Servers(connectionString) };
        }

        var given = Keywords(connectionString);
        var sasl = SaslOf(given);
        var tls = TlsOf(given, sasl);
        return new KafkaConnectionSettings
        {
            BootstrapServers = Servers(Required(given, "Bootstrap Servers")),
            Tls = tls,
            RootCertificateFile = Text(given, "Root Certificate"),
            ClientCertificateFile = Text(given, "SSL Certificate"),
            ClientKeyFile = Text(given, "SSL Key"),
            ClientKeyPassword = Text(given, "SSL Password"),
            Sasl = sasl,
            Username = sasl is SaslMechanism.None or SaslMechanism.OAuthBearer ? null : Required(given, "Username"),
            Password = sasl is SaslMechanism.None or SaslMechanism.OAuthBearer ? null : Required(given, "Password"),
            Tokens = sasl == SaslMechanism.OAuthBearer ? TokensOf(given) : null,
            ClientName = Text(given, "Client Name") ?? "cdcflow",
            Timeout = TimeoutOf(given),
        };
    }

    private static DbConnectionStringBuilder Keywords(string connectionString)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            // The cause's message may quote a part of the string, so it is not shown.
            throw Refused("The connection string does not parse.", "Write keywords and values, as in Bootstrap Servers=host:9093;Username=…;Password=…, or only host:9092.");
        }

        // Not quoted either: a ';' inside an unquoted password makes a keyword out of what follows.
        var unknown = given.Keys.Cast<string>().ToList().FindIndex(keyword => !keywords.Contains(keyword, StringComparer.OrdinalIgnoreCase));
        return unknown < 0
            ? given
            : throw Refused($"Keyword number {unknown + 1} of the connection string is not known.", $"Known are {string.Join(", ", keywords)}; a value with ; in it needs quotes.");
    }

    private static string Servers(string list)
    {
        var servers = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return servers.Length > 0 && servers.All(IsAddress)
            ? string.Join(',', servers)
            : throw Refused("The connection string names no brokers, or one without a port.", "Write them as host:port, separated by commas.");
    }

    private static bool IsAddress(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && !server.Any(char.IsWhiteSpace) && !server.Contains('/', StringComparison.Ordinal);
    }

    private static SaslMechanism SaslOf(DbConnectionStringBuilder given)
    {
        var sasl = Text(given, "SASL Mechanism")?.Replace("-", "", StringComparison.Ordinal) is { } text
            ? Named<SaslMechanism>(text, "SASL Mechanism")
            : Text(given, "Token Endpoint") is not null ? SaslMechanism.OAuthBearer
            : Text(given, "Username") is not null ? SaslMechanism.ScramSha512
            : SaslMechanism.None;
        string[] unused = sasl switch
        {
            SaslMechanism.None => ["Username", "Password", "Token Endpoint", "Client Id", "Client Secret", "Scope"],
            SaslMechanism.OAuthBearer => ["Username", "Password"],
            _ => ["Token Endpoint", "Client Id", "Client Secret", "Scope"],
        };
        return unused.FirstOrDefault(keyword => Text(given, keyword) is not null) is { } contradiction
            ? throw Refused($"{contradiction} has no use with SASL Mechanism={sasl}.", $"Leave {contradiction} out, or choose the mechanism that takes it.")
            : sasl;
    }

    // Whoever sends a password or shows a certificate has to know to whom, so no such connection is plain by default.
    private static TlsMode TlsOf(DbConnectionStringBuilder given, SaslMechanism sasl)
    {
        var certificate = tlsKeywords.FirstOrDefault(keyword => Text(given, keyword) is not null);
        var tls = Text(given, "SSL Mode") is { } text
            ? Named<TlsMode>(text, "SSL Mode")
            : sasl == SaslMechanism.None && certificate is null ? TlsMode.Disable : TlsMode.VerifyFull;
        if (tls == TlsMode.Disable && certificate is not null)
        {
            throw Refused($"{certificate} has no use with SSL Mode=Disable.", $"Leave one of them out.");
        }

        return Text(given, "SSL Certificate") is null == Text(given, "SSL Key") is null
            ? tls
            : throw Refused("A client's certificate needs both SSL Certificate and SSL Key.", "Name the PEM files of both.");
    }

    private static TokenEndpoint TokensOf(DbConnectionStringBuilder given) =>
        Uri.TryCreate(Required(given, "Token Endpoint"), UriKind.Absolute, out var address) && IsConfidential(address)
            ? new TokenEndpoint(address, Required(given, "Client Id"), Required(given, "Client Secret"), Text(given, "Scope"))
            : throw Refused("Token Endpoint is no https:// address.", "A client's secret is sent there: only https://, or http:// on this machine.");

    private static bool IsConfidential(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static TimeSpan TimeoutOf(DbConnectionStringBuilder given) =>
        Text(given, "Timeout") is not { } text ? TimeSpan.FromSeconds(30)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600 ? TimeSpan.FromSeconds(seconds)
        : throw Refused("Timeout is no whole number of seconds from 1 to 3600.", "Write Timeout=30.");

    private static TEnum Named<TEnum>(string text, string keyword)
        where TEnum : struct, Enum =>
        char.IsAsciiLetter(text[0]) && Enum.TryParse<TEnum>(text, ignoreCase: true, out var value)
            ? value
            : throw Refused($"{keyword} has a value that is not known.", $"It is one of {string.Join(", ", Enum.GetNames<TEnum>())}.");

    private static string Required(DbConnectionStringBuilder given, string keyword) =>
        Text(given, keyword) ?? throw Refused($"The connection string has no {keyword}.", $"Add {keyword}=….");

    private static string? Text(DbConnectionStringBuilder given, string keyword) =>
        given.TryGetValue(keyword, out var value) && value is string { Length: > 0 } text ? text : null;

    private static CdcFlowException Refused(string happened, string mend) => new(KafkaClientErrorCodes.ConnectionString, happened, mend);
}
