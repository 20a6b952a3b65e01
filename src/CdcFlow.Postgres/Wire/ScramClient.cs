using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CdcFlow.Postgres.Wire.Passwords;
using Npgsql;

namespace CdcFlow.Postgres.Wire;

/// <summary>
/// The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677, channel binding tls-server-end-point of RFC 5929):
/// neither side learns the password from the other, and both prove that they know it.
/// </summary>
internal sealed class ScramClient
{
    internal const string Plain = "SCRAM-SHA-256";
    internal const string Bound = "SCRAM-SHA-256-PLUS";

    /// <summary>A server may ask for slow hashing, not for hours of it.</summary>
    private const int MaxIterations = 5_000_000;

    /// <summary>With fewer, whoever reads the login could try passwords by the million (RFC 7677).</summary>
    private const int MinIterations = 4096;

    private readonly byte[] password;
    private readonly string channelBindingHeader;
    private readonly byte[] channelBindingData;
    private readonly string clientNonce;
    private byte[] expectedServerSignature = [];

    private ScramClient(string mechanism, string password, string channelBindingHeader, byte[] channelBindingData, string clientNonce)
    {
        Mechanism = mechanism;
        this.password = Encoding.UTF8.GetBytes(SaslPrep.Prepare(password));
        this.channelBindingHeader = channelBindingHeader;
        this.channelBindingData = channelBindingData;
        this.clientNonce = clientNonce;
    }

    internal string Mechanism { get; }

    /// <summary>Whether the login holds on this TLS connection only.</summary>
    internal bool IsBound => Mechanism == Bound;

    internal string ClientFirst => channelBindingHeader + ClientFirstBare;

    // The user name is that of the start-up packet; the server ignores the one here.
    private string ClientFirstBare => $"n=,r={clientNonce}";

    /// <summary>Chooses the strongest mechanism that both sides have.</summary>
    internal static ScramClient Choose(IReadOnlyCollection<string> offered, string password, SslStream? tls, ChannelBinding binding) =>
        Choose(offered, password, tls is null ? null : ServerEndPoint(tls), binding, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));

    internal static ScramClient Choose(
        IReadOnlyCollection<string> offered, string password, byte[]? serverEndPoint, ChannelBinding binding, string clientNonce)
    {
        if (binding != ChannelBinding.Disable && serverEndPoint is not null && offered.Contains(Bound))
        {
            return new ScramClient(Bound, password, "p=tls-server-end-point,,", serverEndPoint, clientNonce);
        }

        if (binding == ChannelBinding.Require)
        {
            throw Unbound(serverEndPoint is null ? "the server's certificate has a signature for which none is defined" : "the server does not offer it");
        }

        if (!offered.Contains(Plain))
        {
            throw new CdcFlowException(
                PostgresWireErrorCodes.Authentication,
                "The server offers no login method that this client has.",
                "Use scram-sha-256 in pg_hba.conf.");
        }

        // "y": we could have bound the channel, you did not offer it. The server refuses if it did: somebody between took the offer out.
        return new ScramClient(Plain, password, binding != ChannelBinding.Disable && serverEndPoint is not null ? "y,," : "n,,", [], clientNonce);
    }

    /// <summary>The error of a login that had to be bound to the channel and cannot.</summary>
    internal static CdcFlowException Unbound(string why) => new(
        PostgresWireErrorCodes.Authentication,
        $"Channel Binding=Require, and the login cannot be bound to the TLS channel: {why}.",
        "Connect to the server itself, with scram-sha-256 in its line of pg_hba.conf; or say Channel Binding=Prefer.");

    internal string ClientFinal(string serverFirst)
    {
        var attributes = Attributes(serverFirst);
        var nonce = attributes.GetValueOrDefault('r', "");
        if (!nonce.StartsWith(clientNonce, StringComparison.Ordinal) || nonce.Length == clientNonce.Length)
        {
            throw new PostgresProtocolException("The server's login challenge does not continue ours.");
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Salt(attributes), Iterations(attributes), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var binding = Convert.ToBase64String([.. Encoding.ASCII.GetBytes(channelBindingHeader), .. channelBindingData]);
        var withoutProof = $"c={binding},r={nonce}";
        var signed = Encoding.UTF8.GetBytes($"{ClientFirstBare},{serverFirst},{withoutProof}");

        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        expectedServerSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>The server proves that it knows the password (its verifier) as well; without this a stranger could pose as it.</summary>
    internal void Verify(string serverFinal)
    {
        var signature = Base64(Attributes(serverFinal).GetValueOrDefault('v', ""));
        if (expectedServerSignature.Length == 0 || !CryptographicOperations.FixedTimeEquals(signature, expectedServerSignature))
        {
            throw new CdcFlowException(
                PostgresWireErrorCodes.ServerProof,
                "The server could not prove that it knows the role's password.",
                "Check that the address is your server: something else answers in its place.",
                ErrorDomain.External);
        }
    }

    private static Dictionary<char, string> Attributes(string message)
    {
        var attributes = new Dictionary<char, string>();
        foreach (var part in message.Split(','))
        {
            if (part.Length < 2 || part[1] != '=')
            {
                throw new PostgresProtocolException("The server's login message does not parse.");
            }

            attributes[part[0]] = part[2..];
        }

        return attributes;
    }

    private static byte[] Salt(Dictionary<char, string> attributes) => Base64(attributes.GetValueOrDefault('s', ""));

    private static int Iterations(Dictionary<char, string> attributes)
    {
        if (!int.TryParse(attributes.GetValueOrDefault('i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MaxIterations)
        {
            throw new PostgresProtocolException($"The server's login challenge asks for no sensible number of hash rounds (1 to {MaxIterations}).");
        }

        return iterations >= MinIterations ? iterations : throw new CdcFlowException(
            PostgresWireErrorCodes.Authentication,
            $"The server has hashed the role's password {iterations} times only; whoever reads the login could find the password by trying.",
            $"Hash it anew on the server: SET scram_iterations = {MinIterations}; ALTER ROLE … PASSWORD '…';");
    }

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new PostgresProtocolException("The server's login message does not parse.", e);
        }
    }

    /// <summary>Hash of the server's certificate by its own signature's hash, SHA-256 in place of MD5 and SHA-1; null where that is not defined.</summary>
    private static byte[]? ServerEndPoint(SslStream tls)
    {
        if (tls.RemoteCertificate is not { } certificate)
        {
            return null;
        }

        using var server = new X509Certificate2(certificate);
        return server.SignatureAlgorithm.Value switch
        {
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" =>
                SHA256.HashData(server.RawData),
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => SHA384.HashData(server.RawData),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => SHA512.HashData(server.RawData),
            _ => null,
        };
    }
}
