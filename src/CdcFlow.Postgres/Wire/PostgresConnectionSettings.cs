using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using CdcFlow.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Wire;

/// <summary>Where and how to connect, out of an Npgsql connection string. Prints as the server's address only: it holds the password.</summary>
internal sealed class PostgresConnectionSettings
{
    internal required string Host { get; init; }

    internal required int Port { get; init; }

    internal required string Username { get; init; }

    internal string? Password { get; init; }

    internal required string Database { get; init; }

    internal required TlsMode Tls { get; init; }

    /// <summary>What TLS reads.</summary>
    internal CertificateFiles Certificates { get; init; } = new();

    /// <summary>Bounds connecting, from the first packet to ready for queries. Zero: no bound.</summary>
    internal TimeSpan ConnectTimeout { get; init; }

    internal required string ApplicationName { get; init; }

    /// <summary>Which logins the server may ask for.</summary>
    internal LoginMethods LoginMethods { get; init; } = LoginMethods.Default;

    /// <summary>Whether SCRAM proves that nobody sits between the two ends of TLS.</summary>
    internal ChannelBinding ChannelBinding { get; init; } = ChannelBinding.Prefer;

    /// <summary>Whether certificates' authorities are asked if they took one back.</summary>
    internal bool ChecksRevocation { get; init; }

    /// <summary>A host that is an absolute path is the folder of a unix socket.</summary>
    internal bool IsUnixSocket => Host.StartsWith('/') || Host.StartsWith('@');

    /// <summary>Where to connect.</summary>
    internal IEnumerable<EndPoint> Addresses =>
        IsUnixSocket ? [new UnixDomainSocketEndPoint($"{Host}/.s.PGSQL.{Port}")] : SocketStream.AddressesOf(Host, Port);

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="CdcFlowException">CDCF4003: it does not parse, lacks host or user, asks for TLS by preference, or has what the client does not honour.</exception>
    internal static PostgresConnectionSettings Parse(string connectionString, ConnectionClient client = ConnectionClient.Source)
    {
        var parsed = ParseKeywords(connectionString);
        ConnectionKeywords.Refuse(parsed, client);
        var host = Required(parsed.Host, "Host");
        var user = Required(parsed.Username, "Username");
        var isUnixSocket = host.StartsWith('/') || host.StartsWith('@');
        if (host.Contains(',', StringComparison.Ordinal))
        {
            throw Refused("The connection string names several hosts.", "Name the one server whose log is to be read: a slot lives on one server.");
        }

        var tls = TlsOf(connectionString, parsed.SslMode, isUnixSocket);
        RefuseWithoutEffect(parsed, tls);
        return new PostgresConnectionSettings
        {
            Host = host,
            Port = parsed.Port,
            Username = user,
            Password = parsed.Password,
            Database = parsed.Database ?? user,
            Tls = tls,
            LoginMethods = LoginMethodsOf(parsed.RequireAuth),
            ChannelBinding = parsed.ChannelBinding,
            ChecksRevocation = parsed.CheckCertificateRevocation,
            Certificates = new CertificateFiles
            {
                Root = parsed.RootCertificate,
                Client = parsed.SslCertificate,
                ClientKey = parsed.SslKey,
                ClientKeyPassword = parsed.SslPassword,
            },
            ConnectTimeout = TimeSpan.FromSeconds(parsed.Timeout),
            ApplicationName = parsed.ApplicationName ?? "cdcflow",
        };
    }

    public override string ToString() => IsUnixSocket ? $"{Host}/.s.PGSQL.{Port}" : $"{Host}:{Port}";

    private static NpgsqlConnectionStringBuilder ParseKeywords(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The cause's message may quote a part of the string, so it is not shown.
            throw Refused("The connection string does not parse.", "Use Npgsql's keywords: Host=…;Port=5432;Username=…;Password=…;Database=….");
        }
    }

    private static TlsMode TlsOf(string connectionString, SslMode mode, bool isUnixSocket)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (!given.ContainsKey("SSL Mode") && !given.ContainsKey("SslMode"))
        {
            return isUnixSocket ? TlsMode.Disable : TlsMode.VerifyFull;
        }

        return mode switch
        {
            SslMode.Disable => TlsMode.Disable,
            SslMode.Require => TlsMode.Require,
            SslMode.VerifyCA => TlsMode.VerifyCA,
            SslMode.VerifyFull => TlsMode.VerifyFull,
            _ => throw Refused(
                $"SSL Mode={mode} may silently connect without encryption.", "Say which it is: SSL Mode=VerifyFull, VerifyCA, Require or Disable."),
        };
    }

    // What asks for more care than the mode of TLS gives would protect nobody.
    private static void RefuseWithoutEffect(NpgsqlConnectionStringBuilder parsed, TlsMode tls)
    {
        var keyword = tls switch
        {
            TlsMode.Disable when parsed.RootCertificate is not null => "Root Certificate",
            TlsMode.Disable when parsed.SslCertificate is not null => "SSL Certificate",
            TlsMode.Disable when parsed.ChannelBinding == ChannelBinding.Require => "Channel Binding",
            TlsMode.Disable or TlsMode.Require when parsed.CheckCertificateRevocation => "Check Certificate Revocation",
            TlsMode.Require when parsed.RootCertificate is not null => "Root Certificate",
            _ => null,
        };
        if (keyword is not null)
        {
            throw Refused($"{keyword} has no effect with SSL Mode={tls}.", $"Take {keyword} out, or verify the server: SSL Mode=VerifyFull.");
        }
    }

    // A list of methods, or one of those that are refused ("!MD5").
    private static LoginMethods LoginMethodsOf(string? requireAuth)
    {
        if (string.IsNullOrWhiteSpace(requireAuth))
        {
            return LoginMethods.Default;
        }

        var names = requireAuth.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var refused = names.Where(name => name.StartsWith('!')).Select(name => Method(name[1..])).Aggregate(default(LoginMethods), (all, one) => all | one);
        var taken = names.Where(name => !name.StartsWith('!')).Select(name => Method(name) is > 0 and var method
            ? method
            : throw Refused($"Require Auth={name} asks for a login that this client does not have.", "Name ScramSHA256, MD5, Password or None.")).Aggregate(default(LoginMethods), (all, one) => all | one);
        var methods = (taken == 0 ? LoginMethods.Default : taken) & ~refused;
        return methods != 0 ? methods : throw Refused("Require Auth leaves no login that this client has.", "Name ScramSHA256, MD5, Password or None.");
    }

    // GSS and SSPI are nobody's here.
    private static LoginMethods Method(string name) => Enum.TryParse<LoginMethods>(name, ignoreCase: true, out var method) ? method : default;

    private static string Required(string? value, string keyword) =>
        string.IsNullOrEmpty(value) ? throw Refused($"The connection string has no {keyword}.", $"Add {keyword}=….") : value;

    private static CdcFlowException Refused(string happened, string fix) => new(PostgresWireErrorCodes.ConnectionString, happened, fix);
}
