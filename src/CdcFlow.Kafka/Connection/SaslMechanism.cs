namespace CdcFlow.Kafka.Connection;

/// <summary>How the client logs in; named as in the connection string.</summary>
internal enum SaslMechanism
{
    /// <summary>Not at all, or by the client's certificate.</summary>
    None,

    /// <summary>The password as it is.</summary>
    Plain,

    /// <summary>RFC 5802 with SHA-256.</summary>
    ScramSha256,

    /// <summary>RFC 5802 with SHA-512. The default where a user name is given.</summary>
    ScramSha512,

    /// <summary>RFC 7628: a token from an authorization server. The default where a token endpoint is given.</summary>
    OAuthBearer,
}
