using System.Data.Common;
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

    internal string? RootCertificateFile { get; init; }

    internal string? ClientCertificateFile { get; init; }

    internal string? ClientKeyFile { get; init; }

    internal string? ClientKeyPassword { get; init; }

    /// <summary>Bounds connecting, from the first packet to ready for queries. Zero: no bound.</summary>
    internal TimeSpan ConnectTimeout { get; init; }

    internal required string ApplicationName { get; init; }

    /// <summary>A host that is an absolute path is the folder of a unix socket.</summary>
    internal bool IsUnixSocket => Host.StartsWith('/') || Host.StartsWith('@');

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="CdcFlowException">CDCF4003: it does not parse, lacks host or user, or asks for TLS by preference.</exception>
    internal static PostgresConnectionSettings Parse(string connectionString)
    {
        var parsed = ParseKeywords(connectionString);
        var host = Required(parsed.Host, "Host");
        var user = Required(parsed.Username, "Username");
        var isUnixSocket = host.StartsWith('/') || host.StartsWith('@');
        if (host.Contains(',', StringComparison.Ordinal))
        {
            throw Refused("The connection string names several hosts.", "Name the one server whose log is to be read: a slot lives on one server.");
        }

        return new PostgresConnectionSettings
        {
            Host = host,
            Port = parsed.Port,
            Username = user,
            Password = parsed.Password,
            Database = parsed.Database ?? user,
            Tls = TlsOf(connectionString, parsed.SslMode, isUnixSocket),
            RootCertificateFile = parsed.RootCertificate,
            ClientCertificateFile = parsed.SslCertificate,
            ClientKeyFile = parsed.SslKey,
            ClientKeyPassword = parsed.SslPassword,
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

    private static string Required(string? value, string keyword) =>
        string.IsNullOrEmpty(value) ? throw Refused($"The connection string has no {keyword}.", $"Add {keyword}=….") : value;

    private static CdcFlowException Refused(string happened, string mend) => new(PostgresWireErrorCodes.ConnectionString, happened, mend);
}
