using CdcFlow.Wire;

namespace CdcFlow.Postgres.Wire;

/// <summary>The server could not be reached or the connection broke: a restart from the last checkpoint may heal it.</summary>
internal sealed class PostgresTransportException : CdcFlowException
{
    /// <summary>What to do, of the source and of the sink.</summary>
    internal const string Resolution =
        "The pipeline tries again from its last checkpoint; if it goes on, check Host and Port in the connection string, that the server runs (pg_isready) and listens there (listen_addresses, a firewall), and its log.";

    internal PostgresTransportException(string happened, Exception? inner = null)
        : base(PostgresWireErrorCodes.Transport, happened, Resolution, ErrorDomain.External, isTransient: true, inner) => IsAway = true;

    internal static PostgresTransportException From(Exception cause, string server) =>
        new($"The connection to {server} failed: {TransportFault.Reason(cause)}.", cause);
}
