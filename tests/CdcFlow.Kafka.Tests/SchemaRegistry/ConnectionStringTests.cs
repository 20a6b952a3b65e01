using CdcFlow.Kafka.SchemaRegistry;

namespace CdcFlow.Kafka.Tests.SchemaRegistry;

public sealed class ConnectionStringTests
{
    [Fact]
    public void Address_alone_is_enough()
    {
        var settings = SchemaRegistryConnectionString.Parse("http://registry:8081/base/");
        Assert.Equal([new Uri("http://registry:8081/base/")], settings.Addresses);
        Assert.Equal("http://registry:8081/base", settings.ToString());
    }

    [Fact]
    public void Keywords_give_everything_else()
    {
        var settings = SchemaRegistryConnectionString.Parse(
            "Url=https://a:1, https://b:2;Username=me;Password=\"p;w\";Root Certificate=/ca.pem;SSL Certificate=/c.pem;SSL Key=/k.pem;Timeout=5");
        Assert.Equal(["https://a:1/", "https://b:2/"], settings.Addresses.Select(address => address.ToString()));
        Assert.Equal(("me", "p;w", null), (settings.Username, settings.Password, settings.Token));
        Assert.Equal(("/ca.pem", "/c.pem", "/k.pem"), (settings.RootCertificateFile, settings.ClientCertificateFile, settings.ClientKeyFile));
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("registry:8081")]
    [InlineData("ftp://registry")]
    [InlineData("https://me:canary@registry:8081")]
    [InlineData("https://registry:8081?token=canary")]
    [InlineData("Url=https://registry;Username=me")]
    [InlineData("Url=https://registry;Password=canary")]
    [InlineData("Url=https://registry;Username=me;Password=canary;Token=canary")]
    [InlineData("Url=http://registry;Username=me;Password=canary")]
    [InlineData("Url=http://registry;Token=canary")]
    [InlineData("Url=https://registry;SSL Key=/k.pem")]
    [InlineData("Url=https://registry;Canary=canary")]
    [InlineData("Url=https://registry;Timeout=0")]
    [InlineData("Username=me;Password=canary")]
    [InlineData("Url=https://registry;Password=\"canary")]
    public void What_is_wrong_is_told_without_a_value(string connectionString)
    {
        var error = Assert.Throws<CdcFlowException>(() => SchemaRegistryConnectionString.Parse(connectionString));
        Assert.Equal("CDCF5266", error.Code);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Secret_may_go_to_this_machine_without_tls() =>
        Assert.Equal("me", SchemaRegistryConnectionString.Parse("Url=http://127.0.0.1:8081;Username=me;Password=pw").Username);

    [Fact]
    public void Certificate_file_that_does_not_load_is_named_by_its_keyword()
    {
        var settings = SchemaRegistryConnectionString.Parse("Url=https://registry;Root Certificate=/nowhere/ca.pem");
        var error = Assert.Throws<CdcFlowException>(() => RegistryHttp.Create(settings));
        Assert.Equal("CDCF5262", error.Code);
        Assert.Contains("Root Certificate", error.Happened, StringComparison.Ordinal);
    }
}
