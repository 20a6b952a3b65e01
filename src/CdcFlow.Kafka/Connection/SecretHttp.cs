using System.Net;

namespace CdcFlow.Kafka.Connection;

/// <summary>HTTP for requests that carry a secret: no redirect is followed, no cookie kept, and the machine's proxy settings hold for other machines only.</summary>
internal static class SecretHttp
{
    /// <summary>Makes a handler.</summary>
    /// <param name="proxy">The proxy settings to go by; null for the process's own (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c> and so on).</param>
    internal static SocketsHttpHandler Handler(IWebProxy? proxy = null) => new()
    {
        AllowAutoRedirect = false, // it would make a GET of a POST, and lead the secret elsewhere
        UseCookies = false,
        Proxy = new LoopbackPastProxy(proxy ?? HttpClient.DefaultProxy),
    };

    // Without encryption a secret goes to this machine alone, so no proxy may see it; to others it is encrypted, and a proxy sees the host's name.
    private sealed class LoopbackPastProxy(IWebProxy settings) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => settings.Credentials;
            set => settings.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : settings.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || settings.IsBypassed(host);
    }
}
