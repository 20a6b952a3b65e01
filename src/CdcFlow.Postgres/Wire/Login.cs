using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CdcFlow.Postgres.Wire;

/// <summary>
/// From an open stream to "ready for queries": start-up packet and password
/// (<see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP"/>).
/// </summary>
internal sealed class Login(PostgresConnectionSettings settings, ConnectionChannel channel, SslStream? tls)
{
    private const int ProtocolVersion = 3 << 16;

    /// <summary>SCRAM, the longest login, takes five.</summary>
    private const int StepsAtMost = 16;

    private ScramClient? scram;
    private bool isServerProven;
    private bool isPasswordGiven;

    internal void Run(SessionKind kind)
    {
        channel.Write(StartUp(kind));
        for (var step = 0; step < StepsAtMost; step++)
        {
            switch (channel.Read(out var body))
            {
                case BackendMessage.Authentication:
                    if (IsAuthenticated(body))
                    {
                        return;
                    }

                    break;
                case BackendMessage.NegotiateProtocolVersion:
                    break; // The server has options of ours it does not know; we send none.
                case var type:
                    throw new PostgresProtocolException($"The server sent message '{(char)type}' during login.");
            }
        }

        throw channel.Endless("asks for one proof after the other");
    }

    private ReadOnlySpan<byte> StartUp(SessionKind kind)
    {
        var packet = channel.Message.Start().Int32(ProtocolVersion)
            .CString("user").CString(settings.Username)
            .CString("database").CString(settings.Database)
            .CString("application_name").CString(settings.ApplicationName);
        if (kind == SessionKind.Replication)
        {
            packet.CString("replication").CString("database");
        }

        foreach (var (name, value) in SessionPins.StartUp)
        {
            packet.CString(name).CString(value);
        }

        packet.Byte(0);
        return packet.End();
    }

    private bool IsAuthenticated(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        switch (reader.ReadInt32())
        {
            case 0:
                RequireProof();
                return true;
            case 3:
                Allow(LoginMethods.Password, "asks for the password in clear text");
                Give(Encoding.UTF8.GetBytes(Password()));
                return false;
            case 5:
                Allow(LoginMethods.MD5, "asks for the password as MD5, which an eavesdropper can use as it is");
                Give(Encoding.ASCII.GetBytes(Md5(reader.ReadBytes(4))));
                return false;
            case 10:
                Allow(LoginMethods.ScramSHA256, "asks for the password by SCRAM");
                scram = ScramClient.Choose(Mechanisms(reader), Password(), tls, settings.ChannelBinding);
                var first = Encoding.UTF8.GetBytes(scram.ClientFirst);
                channel.Write(channel.Message.Start((byte)'p').CString(scram.Mechanism).Int32(first.Length).Bytes(first).End());
                return false;
            case 11:
                var final = Scram().ClientFinal(Encoding.UTF8.GetString(reader.ReadBytes(reader.Remaining)));
                channel.Write(channel.Message.Start((byte)'p').Bytes(Encoding.UTF8.GetBytes(final)).End());
                return false;
            case 12:
                Scram().Verify(Encoding.UTF8.GetString(reader.ReadBytes(reader.Remaining)));
                isServerProven = true;
                return false;
            case var method:
                throw Refused($"asks for login method {method}, which this client does not have", LoginMethods.ScramSHA256);
        }
    }

    private void RequireProof()
    {
        if (scram is not null && !isServerProven)
        {
            throw new PostgresProtocolException("The server let us in without proving itself.");
        }

        if (scram is null && !isPasswordGiven)
        {
            Allow(LoginMethods.None, "lets everybody in without a login");
        }

        if (settings.ChannelBinding == ChannelBinding.Require && scram is not { IsBound: true })
        {
            throw ScramClient.Unbound("the server did not ask for SCRAM");
        }
    }

    private void Allow(LoginMethods method, string asks)
    {
        if (!settings.LoginMethods.HasFlag(method))
        {
            throw Refused(asks, method);
        }
    }

    private void Give(ReadOnlySpan<byte> password)
    {
        channel.Write(channel.Message.Start((byte)'p').Bytes(password).Byte(0).End());
        isPasswordGiven = true;
    }

    // The server's form: the hash of password and user, then of that and its salt.
#pragma warning disable CA5351 // The user named it.
    private string Md5(ReadOnlySpan<byte> salt)
    {
        var stored = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(Password() + settings.Username)));
        return "md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.ASCII.GetBytes(stored), .. salt]));
    }
#pragma warning restore CA5351

    private ScramClient Scram() => scram ?? throw new PostgresProtocolException("The server continues a login that was not begun.");

    private string Password() => settings.Password ?? throw new CdcFlowException(
        PostgresWireErrorCodes.Authentication,
        $"The server asks role '{settings.Username}' for a password and the connection string has none.",
        "Add Password=… to the connection string (by configuration or environment, not in code).");

    private static List<string> Mechanisms(WireReader reader)
    {
        var mechanisms = new List<string>();
        for (var name = reader.ReadCString(); !name.IsEmpty; name = reader.ReadCString())
        {
            mechanisms.Add(Encoding.ASCII.GetString(name));
        }

        return mechanisms;
    }

    private CdcFlowException Refused(string asks, LoginMethods method) => new(
        PostgresWireErrorCodes.Authentication,
        $"The server {asks}.",
        settings.LoginMethods.HasFlag(LoginMethods.ScramSHA256)
            ? $"Use SCRAM: SET password_encryption = 'scram-sha-256'; ALTER ROLE {SqlText.Identifier(settings.Username)} PASSWORD '…'; "
                + "and scram-sha-256 in its line of pg_hba.conf."
                + (method is LoginMethods.ScramSHA256 ? "" : $" To let it happen all the same, name it in the connection string: Require Auth={method}.")
            : $"Require Auth in the connection string does not name it: Require Auth={method}.");
}
