using System.Net;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.SchemaRegistry;

namespace CdcFlow.Kafka.Tests.SchemaRegistry;

public sealed class ClientTests : IDisposable
{
    private const string Secret = "canary";

    private static readonly RecordSchema avro = new(SchemaLanguage.Avro, "a.Value", "\"int\"");

    private readonly FakeRegistry registry = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task Schema_is_registered_once_and_found_again()
    {
        using var client = Client();
        Assert.Null(await client.FindAsync("a-value", avro, Cancellation));
        var id = await client.RegisterAsync("a-value", avro, Cancellation);
        Assert.Equal(id, await client.RegisterAsync("a-value", avro, Cancellation));
        Assert.Equal(id, await client.FindAsync("a-value", avro, Cancellation));
        Assert.Single(registry.Subjects);
    }

    [Fact]
    public async Task Avro_is_sent_without_a_kind_which_older_registries_do_not_know_and_json_with_one()
    {
        using var client = Client();
        await client.RegisterAsync("a-value", avro, Cancellation);
        Assert.Equal("""{"schema":"\u0022int\u0022"}""", registry.Body.GetRawText());
        await client.RegisterAsync("b-value", avro with { Language = SchemaLanguage.Json }, Cancellation);
        Assert.Equal("JSON", registry.Body.GetProperty("schemaType").GetString());
    }

    [Fact]
    public async Task Subject_is_one_part_of_the_path_whatever_its_letters()
    {
        using var client = Client();
        await client.RegisterAsync("a/b c-value", avro, Cancellation);
        Assert.Equal("POST subjects/a%2Fb%20c-value/versions", registry.Requests.Single());
    }

    [Theory]
    [InlineData("Url=https://registry:8081;Username=me;Password=canary", "Basic bWU6Y2FuYXJ5")]
    [InlineData("Url=https://registry:8081;Token=canary", "Bearer canary")]
    [InlineData("https://registry:8081", null)]
    public async Task Login_is_what_the_connection_string_gives(string connectionString, string? expected)
    {
        using var client = Client(connectionString);
        await client.RegisterAsync("a-value", avro, Cancellation);
        Assert.Equal([expected], registry.Logins);
    }

    [Fact]
    public async Task Registered_schema_that_is_refused_names_subject_rule_and_fix()
    {
        using var client = Client();
        await client.RegisterAsync("a-value", avro, Cancellation);
        registry.Refusing.Add("a-value");
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RegisterAsync("a-value", avro with { Text = "\"string\"" }, Cancellation));
        Assert.Equal("CDCF5264", error.Code);
        Assert.False(error.IsTransient);
        Assert.Contains("'a-value' has changed and is not BACKWARD compatible", error.Happened, StringComparison.Ordinal);
        Assert.Contains("incompatible with an earlier schema", error.Happened, StringComparison.Ordinal);
        Assert.Contains("nullable", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_the_registrys_reasons_and_changes_nothing()
    {
        using var client = Client();
        await client.RequireCompatibleAsync("a-value", avro, Cancellation); // the first version
        await client.RegisterAsync("a-value", avro, Cancellation);
        await client.RequireCompatibleAsync("a-value", avro, Cancellation);
        registry.Refusing.Add("a-value");
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RequireCompatibleAsync("a-value", avro, Cancellation));
        Assert.Equal("CDCF5264", error.Code);
        Assert.Contains("reader has no default for 'owner'", error.Happened, StringComparison.Ordinal);
        Assert.Single(registry.Subjects);
    }

    [Theory]
    [InlineData(401, 40101, "CDCF5263", false, "Check Username and Password")]
    [InlineData(403, 40301, "CDCF5263", false, "the right to read and write subject 'a-value'")]
    [InlineData(422, 42201, "CDCF5265", false, "Format")]
    [InlineData(422, 42205, "CDCF5268", false, "READWRITE")]
    [InlineData(404, 40499, "CDCF5268", false, "Check Url")]
    [InlineData(302, 0, "CDCF5268", false, "Check Url")]
    [InlineData(429, 42901, "CDCF5261", true, "tries again")]
    [InlineData(500, 50001, "CDCF5261", true, "tries again")]
    [InlineData(500, 50002, "CDCF5261", true, "tries again")]
    [InlineData(503, 0, "CDCF5261", true, "tries again")]
    public async Task Refusal_has_a_code_and_a_fix_of_its_own(int status, int code, string expected, bool isTransient, string fix)
    {
        registry.Instead = _ => FakeRegistry.Error(status, code, "its own words");
        using var client = Client("Url=https://registry:8081;Username=me;Password=canary");
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RegisterAsync("a-value", avro, Cancellation));
        Assert.Equal((expected, isTransient), (error.Code, error.IsTransient));
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
        Assert.Contains("its own words", error.Happened, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_without_a_registry_is_not_taken_for_a_missing_schema()
    {
        registry.Instead = _ => FakeRegistry.Answer(HttpStatusCode.NotFound, "<html>nothing here</html>");
        using var client = Client();
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.FindAsync("a-value", avro, Cancellation));
        Assert.Equal("CDCF5268", error.Code);
    }

    [Fact]
    public async Task Answer_without_an_id_is_refused()
    {
        registry.Instead = _ => FakeRegistry.Answer(HttpStatusCode.OK, "{}");
        using var client = Client();
        Assert.Equal("CDCF5268", (await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RegisterAsync("a-value", avro, Cancellation))).Code);
    }

    [Fact]
    public async Task Next_instance_is_asked_when_one_is_down_or_broken()
    {
        registry.Instead = request => request.RequestUri!.Host switch
        {
            "one" => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            "two" => FakeRegistry.Error(500, 50003, "no leader"),
            _ => null,
        };
        using var client = Client("http://one:8081,http://two:8081,http://three:8081");
        Assert.Equal(1, await client.RegisterAsync("a-value", avro, Cancellation));
        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact]
    public async Task Registry_that_cannot_be_reached_or_is_silent_may_come_back()
    {
        foreach (var failure in new Exception[] { new HttpRequestException("refused"), new TaskCanceledException("time is up", new TimeoutException()) })
        {
            registry.Instead = _ => throw failure;
            using var client = Client();
            var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RegisterAsync("a-value", avro, Cancellation));
            Assert.Equal(("CDCF5261", true), (error.Code, error.IsTransient));
            Assert.Contains("http://registry:8081", error.Happened, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_the_registry()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using var client = Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.RegisterAsync("a-value", avro, cancelled.Token));
    }

    [Fact]
    public async Task Certificate_that_is_not_trusted_is_the_users_to_fix()
    {
        registry.Instead = _ => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "The SSL connection could not be established.");
        using var client = Client("https://registry:8081");
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await client.RegisterAsync("a-value", avro, Cancellation));
        Assert.Equal(("CDCF5262", false), (error.Code, error.IsTransient));
        Assert.Contains("Root Certificate", error.Fix, StringComparison.Ordinal);
    }

    private SchemaRegistryClient Client(string connectionString = "http://registry:8081")
    {
        var settings = SchemaRegistryConnectionString.Parse(connectionString);
        return new SchemaRegistryClient(settings, RegistryHttp.Configure(new HttpClient(registry, disposeHandler: false), settings));
    }
}
