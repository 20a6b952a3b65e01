namespace CdcFlow.Postgres.Wire;

/// <summary>Type bytes of the server's messages (<see href="https://www.postgresql.org/docs/current/protocol-message-formats.html"/>).</summary>
internal static class BackendMessage
{
    internal const byte Authentication = (byte)'R';
    internal const byte BackendKeyData = (byte)'K';
    internal const byte CommandComplete = (byte)'C';
    internal const byte CopyBothResponse = (byte)'W';
    internal const byte CopyData = (byte)'d';
    internal const byte CopyDone = (byte)'c';
    internal const byte CopyOutResponse = (byte)'H';
    internal const byte DataRow = (byte)'D';
    internal const byte EmptyQueryResponse = (byte)'I';
    internal const byte ErrorResponse = (byte)'E';
    internal const byte NegotiateProtocolVersion = (byte)'v';
    internal const byte NoticeResponse = (byte)'N';
    internal const byte NotificationResponse = (byte)'A';
    internal const byte ParameterStatus = (byte)'S';
    internal const byte ReadyForQuery = (byte)'Z';
    internal const byte RowDescription = (byte)'T';
}
