using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CdcFlow.Wire;

/// <summary>The PEM files that a connection names for TLS. They are read anew for each connection, so that a renewed certificate needs no restart.</summary>
internal sealed record CertificateFiles
{
    /// <summary>The authorities to trust; null: the operating system's.</summary>
    public string? Root { get; init; }

    /// <summary>The client's certificate, with its chain; null: none is shown.</summary>
    public string? Client { get; init; }

    /// <summary>The key of <see cref="Client"/>; null: it is in the same file.</summary>
    public string? ClientKey { get; init; }

    /// <summary>What <see cref="ClientKey"/> is encrypted with; null: it is not.</summary>
    public string? ClientKeyPassword { get; init; }

    /// <summary>Whom to trust.</summary>
    /// <param name="checksRevocation">Whether authorities are asked if they took a certificate back. A private one seldom runs a server to be asked.</param>
    /// <exception cref="CertificateFileException">A file cannot be read.</exception>
    public X509ChainPolicy ChainPolicy(bool checksRevocation)
    {
        var policy = new X509ChainPolicy { RevocationMode = checksRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck };
        if (Root is { } file)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            Load(file, () => policy.CustomTrustStore.ImportFromPemFile(file));
        }

        return policy;
    }

    /// <summary>What the client shows of itself; null: nothing.</summary>
    /// <exception cref="CertificateFileException">A file cannot be read.</exception>
    public X509CertificateCollection? ClientCertificates()
    {
        if (Client is not { } file)
        {
            return null;
        }

        X509Certificate2? certificate = null;
        Load(file, () => certificate = ClientKeyPassword is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(file, password, ClientKey)
            : X509Certificate2.CreateFromPemFile(file, ClientKey));
        return [certificate!];
    }

    /// <summary>Reads every file once, to say early that one cannot be.</summary>
    /// <exception cref="CertificateFileException">A file cannot be read.</exception>
    public void RequireReadable()
    {
        _ = ChainPolicy(checksRevocation: false);
        foreach (var certificate in ClientCertificates() ?? [])
        {
            certificate.Dispose();
        }
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Root}, {Client}, {ClientKey}";

    private static void Load(string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CertificateFileException(file, e);
        }
    }
}
