using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using CdcFlow.Kafka.Connection;
using CdcFlow.Wire;

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
        var files = new CertificateFiles { Root = settings.RootCertificateFile, Client = settings.ClientCertificateFile, ClientKey = settings.ClientKeyFile };
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = Load("Root Certificate", () => files.ChainPolicy(checksRevocation: false)),
            ClientCertificates = Load("SSL Certificate or SSL Key", files.ClientCertificates),
        };
    }

    private static T Load<T>(string keyword, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (CertificateFileException unreadable)
        {
            throw SchemaRegistryErrors.CertificateUnreadable(keyword, unreadable.InnerException!);
        }
    }
}
