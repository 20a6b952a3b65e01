using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>An authorization server for one client. Its tokens are unsigned, which the test broker's own validator takes.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    internal const string Secret = "s3cret";

    private readonly HttpListener listener = new();
    private readonly TimeSpan lifetime;
    private readonly Task serving;
    private readonly SemaphoreSlim asked = new(0);

    internal TokenServer(TimeSpan lifetime)
    {
        this.lifetime = lifetime;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/token";
        }

        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = ServeAsync();
    }

    internal string Address { get; }

    internal string LastForm { get; private set; } = "";

    /// <summary>Returns when it has given so many tokens.</summary>
    internal async Task AskedAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await asked.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
        asked.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                LastForm = await reader.ReadToEndAsync();
                var isKnown = context.Request.Headers["Authorization"] == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"cdc:{Secret}"));
                context.Response.StatusCode = isKnown ? 200 : 401;
                var answer = isKnown ? $$"""{"access_token":"{{Token()}}","token_type":"Bearer","expires_in":{{(int)lifetime.TotalSeconds}}}""" : """{"error":"invalid_client"}""";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                context.Response.Close();
                asked.Release();
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private string Token()
    {
        var now = DateTimeOffset.UtcNow;
        var claims = $$"""{"sub":"cdc","iat":{{now.ToUnixTimeSeconds()}},"exp":{{(now + lifetime).ToUnixTimeSeconds()}}}""";
        return $"{Part("""{"alg":"none"}""")}.{Part(claims)}.";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
