using System.Net;
using System.Text;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Tests.Connection;

public sealed class AccessTokensTests
{
    private static readonly TokenEndpoint endpoint = new(new Uri("https://login.example/token?tenant=secret-query"), "cdc", "s3cret", scope: null);

    private readonly Clock clock = new();

    [Theory]
    [InlineData("""{"access_token":"t","expires_in":100}""", 100)]
    [InlineData("""{"access_token":"t","expires_in":"100"}""", 100)]
    [InlineData("""{"access_token":"t","expires_in":99.5}""", 99.5)]
    [InlineData("""{"access_token":"t"}""", 300)]
    [InlineData("""{"access_token":"t","expires_in":null}""", 300)]
    [InlineData("""{"access_token":"t","expires_in":1e300}""", 365 * 24 * 3600)]
    public async Task Lifetime_is_read_as_servers_write_it(string answer, double seconds)
    {
        using var tokens = Tokens(_ => Json(answer));
        Assert.Equal(clock.GetUtcNow().AddSeconds(seconds), (await tokens.GetAsync(TestContext.Current.CancellationToken)).Expires);
    }

    [Theory]
    [InlineData("""{"access_token":"t","expires_in":0}""", "expires_in")]
    [InlineData("""{"access_token":"t","expires_in":-5}""", "expires_in")]
    [InlineData("""{"access_token":"t","expires_in":"soon"}""", "expires_in")]
    [InlineData("""{"access_token":"t","expires_in":"NaN"}""", "expires_in")]
    [InlineData("""{"access_token":"t","expires_in":[1]}""", "expires_in")]
    [InlineData("""{"access_token":7}""", "access_token")]
    [InlineData("""{"access_token":""}""", "access_token")]
    [InlineData("""{"access_token":"\ud800"}""", "JSON")]
    [InlineData("""[]""", "access_token")]
    [InlineData("""<html>s3cret</html>""", "JSON")]
    [InlineData("", "JSON")]
    public async Task Answer_of_no_use_is_coded_and_not_quoted(string answer, string named)
    {
        var refused = await RefusedAsync(_ => Json(answer));
        Assert.Equal(("CDCF5205", false), (refused.Code, refused.IsTransient));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-query", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302, false)]
    [InlineData(307, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task Status_decides_whether_to_ask_again(int status, bool isTransient)
    {
        var refused = await RefusedAsync(_ => new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("https://elsewhere.example/") } });
        Assert.Equal(("CDCF5205", isTransient), (refused.Code, refused.IsTransient));
        Assert.Contains($"{status}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_without_end_is_cut_off()
    {
        var refused = await RefusedAsync(_ => new HttpResponseMessage { Content = new ByteArrayContent(new byte[(1 << 20) + 1]) });
        Assert.Equal(("CDCF5205", false), (refused.Code, refused.IsTransient));
        Assert.Contains("1048576 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_serves_all_clients_until_three_quarters_of_its_life_are_over()
    {
        var asked = 0;
        using var tokens = Tokens(_ => Json($$"""{"access_token":"t{{++asked}}","expires_in":100}"""));
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => tokens.GetAsync(TestContext.Current.CancellationToken).AsTask()));
        clock.Now += TimeSpan.FromSeconds(74);
        var later = await tokens.GetAsync(TestContext.Current.CancellationToken);
        clock.Now += TimeSpan.FromSeconds(1);
        var last = await tokens.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("t1", "t1", "t2", 2), (Assert.Single(first.Select(token => token.Value).Distinct()), later.Value, last.Value, asked));
    }

    [Fact]
    public async Task Failure_is_not_kept()
    {
        var asked = 0;
        using var tokens = Tokens(_ => ++asked == 1 ? new HttpResponseMessage(HttpStatusCode.BadGateway) : Json("""{"access_token":"t"}"""));
        await Assert.ThrowsAsync<KafkaException>(async () => await tokens.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal("t", (await tokens.GetAsync(TestContext.Current.CancellationToken)).Value);
    }

    [Theory]
    [InlineData("http://localhost:8081/", true)]
    [InlineData("http://127.0.0.9:8081/", true)]
    [InlineData("http://[::1]:8081/", true)]
    [InlineData("https://login.example/", false)]
    [InlineData("https://direct.example/", true)]
    public void Proxy_is_for_other_machines_only(string address, bool isDirect)
    {
        using var handler = SecretHttp.Handler(new WebProxy("http://proxy.example:3128", BypassOnLocal: false, ["direct\\.example"]));
        Assert.Equal(isDirect, handler.Proxy!.IsBypassed(new Uri(address)));
        Assert.Equal((false, false), (handler.AllowAutoRedirect, handler.UseCookies));
    }

    [Fact]
    public async Task Secret_for_this_machine_does_not_pass_the_proxy_that_the_machine_is_set_to()
    {
        using var listener = new HttpListener();
        var address = new Uri($"http://127.0.0.1:{FreePort()}/token/");
        listener.Prefixes.Add(address.ToString());
        listener.Start();
        using var tokens = new AccessTokens(
            new TokenEndpoint(address, "cdc", "s3cret", scope: null), new HttpClient(SecretHttp.Handler(new WebProxy($"http://127.0.0.1:{FreePort()}"))), TimeProvider.System);
        var token = tokens.GetAsync(TestContext.Current.CancellationToken).AsTask();
        var context = await listener.GetContextAsync().WaitAsync(TestContext.Current.CancellationToken);
        await context.Response.OutputStream.WriteAsync("""{"access_token":"t"}"""u8.ToArray(), TestContext.Current.CancellationToken);
        context.Response.Close();
        Assert.Equal("t", (await token).Value);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static HttpResponseMessage Json(string text) => new() { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private AccessTokens Tokens(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(endpoint, new HttpClient(new Server(answer)), clock);

    private async Task<KafkaException> RefusedAsync(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        using var tokens = Tokens(answer);
        return await Assert.ThrowsAsync<KafkaException>(async () => await tokens.GetAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Server(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
