using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;
using CdcFlow.Wire;

namespace CdcFlow.Postgres.Tests.Wire;

/// <summary>What each mode lets through. The fake server greets whoever completes the handshake with error 57P03.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates authority = new();
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-tls-").FullName;

    [Theory]
    [InlineData("VerifyFull", "right", true)]
    [InlineData("VerifyFull", "other host", false)]
    [InlineData("VerifyFull", "expired", false)]
    [InlineData("VerifyFull", "other authority", false)]
    [InlineData("VerifyCA", "other host", true)]
    [InlineData("VerifyCA", "other authority", false)]
    [InlineData("Require", "other authority", true)]
    [InlineData(null, "right", true)]
    [InlineData(null, "other host", false)]
    public void Only_the_certificate_that_the_mode_asks_for_connects(string? mode, string certificate, bool connects)
    {
        using var server = new FakeServer(stream => Greet(stream, Certificate(certificate)));
        var options = mode == "Require" ? "SSL Mode=Require" : $"{(mode is null ? "" : $"SSL Mode={mode};")}Root Certificate={RootFile()}";

        var error = Assert.ThrowsAny<CdcFlowException>(() => server.Connect(options));

        Assert.Equal(connects ? PostgresWireErrorCodes.Server : PostgresWireErrorCodes.Tls, error.Code);
    }

    [Fact]
    public void A_server_without_tls_is_refused_not_spoken_to_in_the_clear()
    {
        byte[] after = [1];
        using (var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write("N"u8);
            var rest = new byte[1];
            after = rest[..stream.Read(rest)];
        }))
        {
            var error = Assert.ThrowsAny<CdcFlowException>(() => server.Connect(""));
            Assert.Equal(PostgresWireErrorCodes.Tls, error.Code);
            Assert.Contains("SSL Mode=Disable", error.Message);
        }

        Assert.Equal([], after);
    }

    [Fact]
    public void Bytes_slipped_in_before_tls_are_never_taken_as_the_servers()
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write([(byte)'S', .. FakeServer.LoggedIn]);
            stream.ReadByte();
        });

        var error = Assert.ThrowsAny<CdcFlowException>(() => server.Connect("SSL Mode=Require;Timeout=10"));

        Assert.Contains(error.Code, new[] { PostgresWireErrorCodes.Tls, PostgresWireErrorCodes.Transport });
    }

    [Fact]
    public void The_clients_certificate_is_shown_to_a_server_that_asks()
    {
        var client = authority.Issue("cdc", []);
        File.WriteAllText(Path.Combine(folder, "client.crt"), client.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "client.key"), client.PrivateKeyPem);
        string? shown = null;
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write("S"u8);
            using var tls = new SslStream(stream);
            tls.AuthenticateAsServer(new SslServerAuthenticationOptions
            {
                ServerCertificate = Certificate("right"),
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate?.Subject) is not null,
            });
            FakeServer.ReadPacket(tls);
            tls.Write(FakeServer.Error("FATAL", "57P03", "the database system is starting up"));
            tls.ReadByte();
        });

        Assert.ThrowsAny<CdcFlowException>(() => server.Connect(
            $"Root Certificate={RootFile()};SSL Certificate={Path.Combine(folder, "client.crt")};SSL Key={Path.Combine(folder, "client.key")}"));

        Assert.Equal("CN=cdc", shown);
    }

    [Fact]
    public void Files_print_without_the_password_of_a_key() =>
        Assert.DoesNotContain("canary", new CertificateFiles { Client = "c.pem", ClientKey = "k.pem", ClientKeyPassword = "canary" }.ToString());

    [Theory]
    [InlineData("Prefer")]
    [InlineData("Allow")]
    public void Tls_by_preference_is_refused(string mode)
    {
        var error = Assert.Throws<CdcFlowException>(() => PostgresConnectionSettings.Parse($"Host=h;Username=u;Password=canary;SSL Mode={mode}"));

        Assert.Equal(PostgresWireErrorCodes.ConnectionString, error.Code);
        Assert.DoesNotContain("canary", error.ToString());
    }

    [Fact]
    public void Tls_is_full_by_default_over_tcp_and_off_on_a_unix_socket()
    {
        Assert.Equal(TlsMode.VerifyFull, PostgresConnectionSettings.Parse("Host=h;Username=u").Tls);
        Assert.Equal(TlsMode.Disable, PostgresConnectionSettings.Parse("Host=/var/run/postgresql;Username=u").Tls);
        Assert.Equal(TlsMode.Require, PostgresConnectionSettings.Parse("Host=h;Username=u;SslMode=Require").Tls);
    }

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void Greet(Stream stream, X509Certificate2 certificate)
    {
        FakeServer.ReadPacket(stream);
        stream.Write("S"u8);
        using var tls = new SslStream(stream);
        tls.AuthenticateAsServer(certificate);
        FakeServer.ReadPacket(tls);
        tls.Write(FakeServer.Error("FATAL", "57P03", "the database system is starting up"));
        tls.ReadByte();
    }

    private X509Certificate2 Certificate(string kind)
    {
        using var stranger = new TestCertificates("stranger");
        var issued = kind switch
        {
            "right" => authority.Issue("db", ["127.0.0.1"]),
            "other host" => authority.Issue("db", ["db.example.org"]),
            "expired" => authority.Issue("db", ["127.0.0.1"], expired: true),
            _ => stranger.Issue("db", ["127.0.0.1"]),
        };
        return X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
    }

    private string RootFile()
    {
        var file = Path.Combine(folder, "ca.crt");
        File.WriteAllText(file, authority.AuthorityPem);
        return file;
    }
}
