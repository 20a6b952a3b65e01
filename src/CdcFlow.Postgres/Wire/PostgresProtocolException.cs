namespace CdcFlow.Postgres.Wire;

/// <summary>The server's bytes break the protocol. Not retried: reading on could misread rows.</summary>
internal sealed class PostgresProtocolException(string happened, Exception? inner = null)
    : CdcFlowException(
        PostgresWireErrorCodes.Protocol,
        happened,
        "Check that the address is a PostgreSQL server of series 13 to 18 and that nothing between rewrites the stream.",
        ErrorDomain.External,
        isTransient: false,
        inner);
