using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>What may stand in front of a real registry: something that answers in its place while it is told to, and passes everything else on.</summary>
internal sealed class RegistryGate : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly HttpClient registry;
    private readonly Task serving;

    public RegistryGate(string registry)
    {
        this.registry = new HttpClient { BaseAddress = new Uri(registry.TrimEnd('/') + "/") };
        Address = $"http://127.0.0.1:{TlsGate.FreePort()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>The status and error code to answer a request with; null passes it on. Takes the request, and its body.</summary>
    public Func<HttpListenerRequest, string, (int Status, int Code)?> Instead { get; set; } = (_, _) => null;

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
        registry.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        if (Instead(context.Request, body) is { } answer)
        {
            context.Response.StatusCode = answer.Status;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"error_code":{{answer.Code}},"message":"not now"}"""));
        }
        else
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), context.Request.Url!.PathAndQuery.TrimStart('/'));
            request.Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/vnd.schemaregistry.v1+json");
            using var passedOn = await registry.SendAsync(request);
            context.Response.StatusCode = (int)passedOn.StatusCode;
            await passedOn.Content.CopyToAsync(context.Response.OutputStream);
        }

        context.Response.Close();
    }
}

/// <summary>TLS in front of a registry that has none.</summary>
internal sealed class TlsGate : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;
    private readonly Uri registry;
    private readonly Task serving;

    public TlsGate(string registry, IssuedCertificate issued)
    {
        this.registry = new Uri(registry);
        using var pem = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
        certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        serving = ServeAsync();
    }

    public string Address => $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}{registry.AbsolutePath}";

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
        certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = PassOnAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task PassOnAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var server = new TcpClient())
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(certificate);
                await server.ConnectAsync(IPAddress.Loopback, registry.Port);
                await Task.WhenAny(tls.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(tls));
            }
        }
        catch (Exception end) when (end is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client does not trust it, or has gone.
        }
    }
}
