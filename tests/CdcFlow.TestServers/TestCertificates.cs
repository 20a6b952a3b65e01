using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CdcFlow.TestServers;

/// <summary>A certificate authority of one test run; issues server and client certificates that live a day.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 authority;

    public TestCertificates(string name = "CdcFlow test authority")
    {
        var request = new CertificateRequest($"CN={name}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    /// <summary>The authority's certificate as PEM: what a client names as its root certificate.</summary>
    public string AuthorityPem => authority.ExportCertificatePem();

    /// <summary>A certificate for <paramref name="commonName"/>, valid for the DNS names and addresses given (none: valid for no host).</summary>
    public IssuedCertificate Issue(string commonName, IReadOnlyCollection<string> hosts, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        if (hosts.Count > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(hosts));
        }

        var (from, to) = expired ? (-2, -1) : (-1, 1);
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to), RandomNumberGenerator.GetBytes(8));
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Extension AlternativeNames(IReadOnlyCollection<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    public void Dispose()
    {
        authority.Dispose();
        authorityKey.Dispose();
    }
}

/// <summary>A certificate and its private key, both PEM.</summary>
public sealed record IssuedCertificate(string CertificatePem, string PrivateKeyPem);
