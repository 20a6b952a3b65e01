using CdcFlow.Kafka.Connection;
using CdcFlow.Wire;

namespace CdcFlow.Kafka.Tests.Connection;

public sealed class KafkaConnectionStringTests
{
    [Theory]
    [InlineData("broker:9092", "broker:9092")]
    [InlineData(" a:9092 , b:9093,", "a:9092,b:9093")]
    [InlineData("[::1]:9092", "[::1]:9092")]
    public void Bare_list_of_brokers_is_a_plain_connection(string text, string servers)
    {
        var settings = KafkaConnectionString.Parse(text);
        Assert.Equal((servers, TlsMode.Disable, SaslMechanism.None), (settings.BootstrapServers, settings.Tls, settings.Sasl));
    }

    [Theory]
    [InlineData("Username=u;Password=p", SaslMechanism.ScramSha512)]
    [InlineData("username=u;PASSWORD=p;SASL Mechanism=PLAIN", SaslMechanism.Plain)]
    [InlineData("Username=u;Password=p;SASL Mechanism=SCRAM-SHA-256", SaslMechanism.ScramSha256)]
    [InlineData("Token Endpoint=https://idp/token;Client Id=c;Client Secret=s", SaslMechanism.OAuthBearer)]
    [InlineData("Root Certificate=ca.crt", SaslMechanism.None)]
    public void Connection_that_logs_in_or_names_a_certificate_is_verified_in_full(string login, object mechanism)
    {
        var settings = KafkaConnectionString.Parse($"Bootstrap Servers=a:9093;{login}");
        Assert.Equal((TlsMode.VerifyFull, mechanism), (settings.Tls, settings.Sasl));
    }

    [Fact]
    public void Value_in_quotes_may_hold_anything()
    {
        var settings = KafkaConnectionString.Parse("Bootstrap Servers=a:9093;Username=u;Password=\"a;b=c\";SSL Mode=Disable;Timeout=7");
        Assert.Equal(("a;b=c", TlsMode.Disable, 7), (settings.Password, settings.Tls, settings.Timeout.TotalSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("broker")]
    [InlineData("http://broker:9092")]
    [InlineData("Username=u;Password=secret-7")]
    [InlineData("Bootstrap Servers=a:9092;Username=u")]
    [InlineData("Bootstrap Servers=a:9092;Username=u;Password=secret;-7=x")]
    [InlineData("Bootstrap Servers=a:9092;Password=secret-7")]
    [InlineData("Bootstrap Servers=a:9092;SSL Mode=Prefer")]
    [InlineData("Bootstrap Servers=a:9092;SSL Mode=1")]
    [InlineData("Bootstrap Servers=a:9092;SSL Mode=Disable;Root Certificate=ca.crt")]
    [InlineData("Bootstrap Servers=a:9092;SSL Certificate=c.crt")]
    [InlineData("Bootstrap Servers=a:9092;SASL Mechanism=GSSAPI")]
    [InlineData("Bootstrap Servers=a:9092;Timeout=0")]
    [InlineData("Bootstrap Servers=a:9092;Token Endpoint=http://idp/token;Client Id=c;Client Secret=secret-7")]
    [InlineData("Bootstrap Servers=a:9092;Token Endpoint=https://idp/token;Client Id=c;Client Secret=s;Password=secret-7")]
    [InlineData("Bootstrap Servers=a:9092;Password='secret-7")]
    public void What_is_wrong_is_refused_and_no_value_is_repeated(string text)
    {
        var refused = Assert.Throws<CdcFlowException>(() => KafkaConnectionString.Parse(text));
        Assert.Equal(KafkaClientErrorCodes.ConnectionString, refused.Code);
        Assert.DoesNotContain("secret-7", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-7", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_print_as_addresses_only()
    {
        var settings = KafkaConnectionString.Parse("Bootstrap Servers=a:9093;Token Endpoint=https://idp/token?x=secret-7;Client Id=c;Client Secret=secret-7");
        Assert.Equal("a:9093 https://idp/token", $"{settings} {settings.Tokens}");
    }
}
