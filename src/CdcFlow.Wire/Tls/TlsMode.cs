namespace CdcFlow.Wire;

/// <summary>What a connection asks of TLS, as connection strings name it. There is no "prefer": what may silently fall away protects nobody.</summary>
internal enum TlsMode
{
    /// <summary>None.</summary>
    Disable,

    /// <summary>Encrypted, but the server may be anybody.</summary>
    Require,

    /// <summary>Encrypted, and the certificate's chain ends at a trusted root; any host name.</summary>
    VerifyCA,

    /// <summary>Encrypted, trusted chain, and the certificate names the host. The default of every connection over TCP that logs in.</summary>
    VerifyFull,
}
