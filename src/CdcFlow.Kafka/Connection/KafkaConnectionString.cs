using System.Globalization;
using CdcFlow.Wire;

namespace CdcFlow.Kafka.Connection;

/// <summary>Reads <c>ConnectionStrings:{name}</c>: a list of <c>host:port</c>, or keywords as in
/// <c>Bootstrap Servers=a:9093,b:9093;Username=…;Password=…</c>. See <c>docs/reference/kafka-connection.md</c>.</summary>
internal static class KafkaConnectionString
{
    private static readonly ConnectionKeywords keywords = new(
        KafkaClientErrorCodes.ConnectionString,
        [
            "Bootstrap Servers", "SSL Mode", "Root Certificate", "SSL Certificate", "SSL Key", "SSL Password",
            "SASL Mechanism", "Username", "Password", "Token Endpoint", "Client Id", "Client Secret", "Scope", "Client Name", "Timeout",
        ],
        "Bootstrap Servers=host:9093;Username=…;Password=…, or only host:9092");

    private static readonly string[] tlsKeywords = ["Root Certificate", "SSL Certificate", "SSL Key", "SSL Password"];

    /// <exception cref="CdcFlowException">CDCF5202: the sentence names keywords, never values.</exception>
    internal static KafkaConnectionSettings Parse(string connectionString)
    {
        if (!connectionString.Contains('=', StringComparison.Ordinal))
        {
            return new KafkaConnectionSettings { BootstrapServers = Servers(connectionString) };
        }

        var given = keywords.Read(connectionString);
        var sasl = SaslOf(given);
        var tls = TlsOf(given, sasl);
        return new KafkaConnectionSettings
        {
            BootstrapServers = Servers(given.Required("Bootstrap Servers")),
            Tls = tls,
            RootCertificateFile = given.Text("Root Certificate"),
            ClientCertificateFile = given.Text("SSL Certificate"),
            ClientKeyFile = given.Text("SSL Key"),
            ClientKeyPassword = given.Text("SSL Password"),
            Sasl = sasl,
            Username = sasl is SaslMechanism.None or SaslMechanism.OAuthBearer ? null : given.Required("Username"),
            Password = sasl is SaslMechanism.None or SaslMechanism.OAuthBearer ? null : given.Required("Password"),
            Tokens = sasl == SaslMechanism.OAuthBearer ? TokensOf(given) : null,
            ClientName = given.Text("Client Name") ?? "cdcflow",
            Timeout = given.Seconds("Timeout", 30),
        };
    }

    private static string Servers(string list)
    {
        var servers = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return servers.Length > 0 && servers.All(IsAddress)
            ? string.Join(',', servers)
            : throw keywords.Refused("The connection string names no brokers, or one without a port.", "Write them as host:port, separated by commas.");
    }

    private static bool IsAddress(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && !server.Any(char.IsWhiteSpace) && !server.Contains('/', StringComparison.Ordinal);
    }

    private static SaslMechanism SaslOf(GivenKeywords given)
    {
        var sasl = given.Named<SaslMechanism>("SASL Mechanism", text => text.Replace("-", "", StringComparison.Ordinal))
            ?? (given.Text("Token Endpoint") is not null ? SaslMechanism.OAuthBearer
                : given.Text("Username") is not null ? SaslMechanism.ScramSha512
                : SaslMechanism.None);
        string[] unused = sasl switch
        {
            SaslMechanism.None => ["Username", "Password", "Token Endpoint", "Client Id", "Client Secret", "Scope"],
            SaslMechanism.OAuthBearer => ["Username", "Password"],
            _ => ["Token Endpoint", "Client Id", "Client Secret", "Scope"],
        };
        return unused.FirstOrDefault(keyword => given.Text(keyword) is not null) is { } contradiction
            ? throw keywords.Refused($"{contradiction} has no use with SASL Mechanism={sasl}.", $"Leave {contradiction} out, or choose the mechanism that takes it.")
            : sasl;
    }

    // Whoever sends a password or shows a certificate has to know to whom, so no such connection is plain by default.
    private static TlsMode TlsOf(GivenKeywords given, SaslMechanism sasl)
    {
        var certificate = tlsKeywords.FirstOrDefault(keyword => given.Text(keyword) is not null);
        var tls = given.Named<TlsMode>("SSL Mode")
            ?? (sasl == SaslMechanism.None && certificate is null ? TlsMode.Disable : TlsMode.VerifyFull);
        if (tls == TlsMode.Disable && certificate is not null)
        {
            throw keywords.Refused($"{certificate} has no use with SSL Mode=Disable.", $"Leave one of them out.");
        }

        return given.Text("SSL Certificate") is null == given.Text("SSL Key") is null
            ? tls
            : throw keywords.Refused("A client's certificate needs both SSL Certificate and SSL Key.", "Name the PEM files of both.");
    }

    private static TokenEndpoint TokensOf(GivenKeywords given) =>
        Uri.TryCreate(given.Required("Token Endpoint"), UriKind.Absolute, out var address) && IsConfidential(address)
            ? new TokenEndpoint(address, given.Required("Client Id"), given.Required("Client Secret"), given.Text("Scope"))
            : throw keywords.Refused("Token Endpoint is no https:// address.", "A client's secret is sent there: only https://, or http:// on this machine.");

    private static bool IsConfidential(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
