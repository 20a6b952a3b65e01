namespace CdcFlow.Postgres;

/// <summary>Codes of the wire client and the decoders: CDCF4001–CDCF4029. Each has a row in <c>docs/reference/errors.md</c>.</summary>
internal static class PostgresWireErrorCodes
{
    /// <summary>The server could not be reached, or the connection broke. Transient.</summary>
    public const string Transport = "CDCF4001";

    /// <summary>The server answered with an error.</summary>
    public const string Server = "CDCF4002";

    /// <summary>The connection string does not parse, or asks for what this client does not do.</summary>
    public const string ConnectionString = "CDCF4003";

    /// <summary>The server sent bytes that are not the PostgreSQL protocol.</summary>
    public const string Protocol = "CDCF4004";

    /// <summary>TLS was asked for and cannot be had, or the server's certificate does not verify.</summary>
    public const string Tls = "CDCF4005";

    /// <summary>The server asks for a login method that would hand it the password, or none can be agreed on.</summary>
    public const string Authentication = "CDCF4006";

    /// <summary>The server could not prove that it knows the password.</summary>
    public const string ServerProof = "CDCF4007";

    /// <summary>The log carries a message that this version does not know or does not support.</summary>
    public const string UnsupportedLogMessage = "CDCF4010";

    /// <summary>Columns of the table and of the row type do not fit.</summary>
    public const string ColumnsDoNotFit = "CDCF4011";

    /// <summary>A value of the server has no counterpart in the property's type.</summary>
    public const string ValueDoesNotFit = "CDCF4012";

    /// <summary>A connection pooler stands between this program and the server.</summary>
    public const string Pooler = "CDCF4013";

    /// <summary>The role may more than it needs, or has settings that no session can pin (a warning).</summary>
    public const string Role = "CDCF4014";

    /// <summary>A promoted standby would lack the slot, or what the pipeline has read (a warning).</summary>
    public const string Failover = "CDCF4015";

    /// <summary>Something is waited for (a warning).</summary>
    public const string Waits = "CDCF4016";

    /// <summary>The server talks without end.</summary>
    public const string EndlessAnswer = "CDCF4017";

    /// <summary>The folder for large transactions cannot be written, or its disk is full.</summary>
    public const string SpillFolder = "CDCF4018";

    /// <summary>A row is larger than the source may hold.</summary>
    public const string RowTooLarge = "CDCF4019";
}
