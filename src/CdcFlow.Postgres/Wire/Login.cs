using System.Net.Security;
using System.Text;

namespace CdcFlow.Postgres.Wire;

/// <summary>
/// From an open stream to "ready for queries": start-up packet and password
/// (<see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP"/>).
/// </summary>
internal sealed class Login(PostgresConnectionSettings settings, ConnectionChannel channel, SslStream? tls)
{
    private const int ProtocolVersion = 3 << 16;

    private ScramClient? scram;
    private bool isServerProven;

    internal void Run(SessionKind kind)
    {
        channel.Write(StartUp(kind));
        while (true)
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
                return scram is null || isServerProven
                    ? true
                    : throw new PostgresProtocolException("The server let us in without proving itself.");
            case 10:
                scram = ScramClient.Choose(Mechanisms(reader), Password(), tls);
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
            case 3:
                throw Refused("asks for the password in clear text");
            case 5:
                throw Refused("asks for the password as MD5, which an eavesdropper can use as it is");
            case var method:
                throw Refused($"asks for login method {method}, which this client does not have");
        }
    }

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

    private CdcFlowException Refused(string asks) => new(
        PostgresWireErrorCodes.Authentication,
        $"The server {asks}.",
        $"Use SCRAM: SET password_encryption = 'scram-sha-256'; ALTER ROLE {SqlText.Identifier(settings.Username)} PASSWORD '…'; "
        + "and scram-sha-256 in its line of pg_hba.conf.");
}
