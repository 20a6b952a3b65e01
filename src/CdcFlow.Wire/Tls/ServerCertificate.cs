using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CdcFlow.Wire;

/// <summary>What a certificate must show.</summary>
internal static class ServerCertificate
{
    /// <summary>Why a certificate does not verify as a mode wants it, as a clause; null: it does.</summary>
    /// <param name="mode">What the connection asks for.</param>
    /// <param name="host">The host that the connection names.</param>
    /// <param name="errors">What the run time found.</param>
    /// <param name="chain">The chain that it built.</param>
    internal static string? RefusalOf(TlsMode mode, string host, SslPolicyErrors errors, X509Chain? chain)
    {
        if (mode == TlsMode.Require)
        {
            return null;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return RefusalOf(chain?.ChainStatus.Select(s => s.Status).FirstOrDefault() ?? X509ChainStatusFlags.PartialChain);
        }

        return mode == TlsMode.VerifyFull && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the server's certificate does not name '{host}'"
            : null;
    }

    private static string RefusalOf(X509ChainStatusFlags status) =>
        status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "the server's certificate is out of date"
        : status.HasFlag(X509ChainStatusFlags.Revoked) ? "the server's certificate was revoked"
        : status.HasFlag(X509ChainStatusFlags.RevocationStatusUnknown) || status.HasFlag(X509ChainStatusFlags.OfflineRevocation)
            ? "nobody says whether the server's certificate was revoked (Check Certificate Revocation)"
        : $"the server's certificate is not signed by a trusted authority ({status})";
}
