using CdcFlow.Kafka.Client;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class SecurityTests(SharedBroker broker)
{
    private const string Quoted = $"\"{KafkaServer.Password}\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tls_connects_when_the_certificate_is_trusted_and_names_the_host()
    {
        var server = await broker.StartAsync();
        await WriteAsync(server.TlsConnectionString);
    }

    [Fact]
    public async Task Unknown_authority_is_refused()
    {
        var server = await broker.StartAsync();
        var refused = await RefusedAsync($"Bootstrap Servers=localhost:{server.TlsPort};Root Certificate={server.OtherRootCertificateFile};Timeout=20");
        Assert.True(refused.Code == KafkaClientErrorCodes.Tls, refused.Message);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task Certificate_of_another_host_is_refused_unless_the_host_does_not_matter()
    {
        var server = await broker.StartAsync();
        var byAddress = $"Bootstrap Servers=127.0.0.1:{server.TlsPort};Root Certificate={server.RootCertificateFile};Timeout=20";
        var refused = await RefusedAsync(byAddress);
        Assert.True(refused.Code == KafkaClientErrorCodes.Tls, refused.Message);
        await DescribeAsync(byAddress + ";SSL Mode=VerifyCA");
        await DescribeAsync($"Bootstrap Servers=127.0.0.1:{server.TlsPort};SSL Mode=Require");
    }

    [Fact]
    public async Task Certificate_file_that_is_not_there_is_said_to_be_missing()
    {
        var server = await broker.StartAsync();
        var refused = await RefusedAsync($"Bootstrap Servers=localhost:{server.TlsPort};Root Certificate=/nowhere/ca.crt");
        Assert.Equal(KafkaClientErrorCodes.Tls, refused.Code);
        Assert.Contains("/nowhere/ca.crt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_is_the_login_where_the_broker_asks_for_one()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(["listener.name.tls.ssl.client.auth=required"], Cancellation);
        var (certificate, key) = server.Client;
        await WriteAsync($"{server.TlsConnectionString};SSL Certificate={certificate};SSL Key={key}");
        var refused = await RefusedAsync(server.TlsConnectionString + ";Timeout=5");
        Assert.Contains(refused.Code, new[] { KafkaClientErrorCodes.Tls, KafkaClientErrorCodes.Unreachable });
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public async Task Password_logs_in_and_a_wrong_one_is_refused_without_being_repeated(string mechanism)
    {
        var server = await broker.StartAsync();
        var connection = $"{server.SaslConnectionString};SASL Mechanism={mechanism};Username={KafkaServer.User}";
        await WriteAsync($"{connection};Password={Quoted}");
        var refused = await RefusedAsync($"{connection};Password=wrong-secret;Timeout=20");
        Assert.True(refused is { Code: KafkaClientErrorCodes.Login, IsTransient: false }, refused.Message);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_of_the_authorization_server_logs_in_and_is_renewed()
    {
        var server = await broker.StartAsync();
        await using var tokens = new TokenServer(lifetime: TimeSpan.FromSeconds(5));
        var connection = $"{server.SaslConnectionString};Token Endpoint={tokens.Address};Client Id=cdc;Client Secret={TokenServer.Secret};Scope=kafka";
        await using var cluster = TestCluster.Connect(connection);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "one");
        await producer.FlushAsync(Cancellation);
        await tokens.AskedAsync(times: 4).WaitAsync(Cancellation);
        await producer.CommitAsync(Cancellation);
        Assert.Equal(["one"], await cluster.ValuesAsync(topic));
        Assert.Contains("scope=kafka", tokens.LastForm, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_the_authorization_server_does_not_know_is_refused()
    {
        var server = await broker.StartAsync();
        await using var tokens = new TokenServer(TimeSpan.FromMinutes(5));
        var refused = await RefusedAsync($"{server.SaslConnectionString};Token Endpoint={tokens.Address};Client Id=cdc;Client Secret=wrong-secret");
        Assert.Equal((KafkaClientErrorCodes.Token, false), (refused.Code, refused.IsTransient));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operation_that_access_control_refuses_is_named_with_its_fix()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(
            ["authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS"], Cancellation);
        await using var owner = TestCluster.Connect(server.ConnectionString);
        var topic = await owner.NewTopicAsync();
        await using var user = TestCluster.Connect($"{server.SaslConnectionString};Username={KafkaServer.User};Password={Quoted}");

        var session = await Assert.ThrowsAsync<KafkaException>(async () => await user.OpenProducerAsync(TestCluster.Transactional("a"), Cancellation));
        Assert.Equal(KafkaClientErrorCodes.NotAllowed, session.Code);
        Assert.Contains("--transactional-id", session.Fix, StringComparison.Ordinal);
        var creation = await Assert.ThrowsAsync<KafkaException>(async () => await user.NewTopicAsync());
        Assert.Equal(KafkaClientErrorCodes.NotAllowed, creation.Code);
        await using var plain = await user.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), Cancellation);
        var writing = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            plain.Put(user, topic, "forbidden");
            await plain.FlushAsync(Cancellation);
        });
        Assert.Equal(KafkaClientErrorCodes.NotAllowed, writing.Code);
        Assert.Empty(await owner.ValuesAsync(topic));
    }

    private static async Task WriteAsync(string connectionString)
    {
        await using var cluster = TestCluster.Connect(connectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "one");
        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);
        Assert.Equal(["one"], await cluster.ValuesAsync(topic));
    }

    private static async Task DescribeAsync(string connectionString)
    {
        await using var cluster = TestCluster.Connect(connectionString);
        Assert.Null(await cluster.DescribeTopicAsync("there-is-none", Cancellation));
    }

    private static async Task<KafkaException> RefusedAsync(string connectionString)
    {
        await using var cluster = TestCluster.Connect(connectionString);
        return await Assert.ThrowsAsync<KafkaException>(async () => await cluster.OpenProducerAsync(TestCluster.Transactional("a"), Cancellation));
    }
}
