using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>Makes the HTTP client that a registry's settings ask for.</summary>
internal static class RegistryHttp
{
    private const int ResponseBytesMax = 4 << 20;

    /// <exception cref="CdcFlowException">CDCF5262: a certificate or key does not load.</exception>
    internal static HttpClient Create(SchemaRegistrySettings settings)
    {
        var handler = SecretHttp.Handler();
        handler.SslOptions = Tls(settings);
        return Configure(new HttpClient(handler), settings);
    }

    /// <summary>Lays login and time limit over a client.</summary>
    internal static HttpClient Configure(HttpClient http, SchemaRegistrySettings settings)
    {
        http.Timeout = settings.Timeout;
        http.MaxResponseContentBufferSize = ResponseBytesMax;
        http.DefaultRequestHeaders.Authorization =
            settings.Token is { } token ? new AuthenticationHeaderValue("Bearer", token)
            : settings.Username is { } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}")))
            : null;
        return http;
    }

    private static SslClientAuthenticationOptions Tls(SchemaRegistrySettings settings)
    {
        var options = new SslClientAuthenticationOptions();
        if (settings.RootCertificateFile is { } root)
        {
            // A private authority seldom runs a server that could be asked about revocation.
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            Load("Root Certificate", () => options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(root));
        }

        if (settings.ClientCertificateFile is { } certificate)
        {
            Load("SSL Certificate or SSL Key", () => options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, settings.ClientKeyFile)]);
        }

        return options;
    }

    private static void Load(string keyword, Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw SchemaRegistryErrors.CertificateUnreadable(keyword, error);
        }
    }
}
