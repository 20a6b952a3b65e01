namespace CdcFlow.Kafka.Connection;

/// <summary>What a connection asks of TLS; named as in the connection string.</summary>
internal enum TlsMode
{
    /// <summary>None. The default of a connection that neither logs in nor names a certificate.</summary>
    Disable,

    /// <summary>Encrypted, but the broker may be anybody.</summary>
    Require,

    /// <summary>Encrypted, and the certificate's chain ends at a trusted root; any host name.</summary>
    VerifyCA,

    /// <summary>Encrypted, trusted chain, and the certificate names the host. The default of every other connection.</summary>
    VerifyFull,
}
