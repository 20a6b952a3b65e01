using CdcFlow.Postgres.Wire.Passwords;
using CdcFlow.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Wire;

/// <summary>Has Npgsql connect under the same rules as this project's own client.</summary>
internal static class NpgsqlPolicy
{
    /// <summary>Says in Npgsql's words what it would decide otherwise where the connection string is silent.</summary>
    internal static void Apply(PostgresConnectionSettings settings, NpgsqlConnectionStringBuilder to)
    {
        to.SslMode = settings.Tls switch
        {
            TlsMode.Disable => SslMode.Disable,
            TlsMode.Require => SslMode.Require,
            TlsMode.VerifyCA => SslMode.VerifyCA,
            _ => SslMode.VerifyFull,
        };
        to.GssEncryptionMode = GssEncryptionMode.Disable;
        to.RequireAuth = string.Join(',', Enum.GetValues<LoginMethods>()
            .Where(method => method != LoginMethods.Default && settings.LoginMethods.HasFlag(method)));

        // Npgsql prepares passwords by the run time's normalization, which programs with invariant globalization have not. Prepared already, it stays.
        if (settings.Password is { } password && (settings.LoginMethods & (LoginMethods.Password | LoginMethods.MD5)) == 0)
        {
            to.Password = SaslPrep.Prepare(password);
        }
    }
}
