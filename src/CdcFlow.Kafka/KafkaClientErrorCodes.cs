namespace CdcFlow.Kafka;

/// <summary>Codes of everything that talks to a broker: CDCF5201–CDCF5229. Each has a row in <c>docs/reference/errors.md</c>.</summary>
internal static class KafkaClientErrorCodes
{
    /// <summary>No broker could be reached, or none answered in time.</summary>
    public const string Unreachable = "CDCF5201";

    /// <summary>The connection string does not parse, or says things that do not go together.</summary>
    public const string ConnectionString = "CDCF5202";

    /// <summary>TLS: a certificate or key does not load, or the broker's certificate is not to be trusted.</summary>
    public const string Tls = "CDCF5203";

    /// <summary>The broker refused the login.</summary>
    public const string Login = "CDCF5204";

    /// <summary>No token could be had from the authorization server.</summary>
    public const string Token = "CDCF5205";

    /// <summary>The broker's access control refuses an operation.</summary>
    public const string NotAllowed = "CDCF5206";

    /// <summary>There is no such topic or partition.</summary>
    public const string TopicMissing = "CDCF5207";

    /// <summary>There is such a topic already.</summary>
    public const string TopicExists = "CDCF5208";

    /// <summary>A record is larger than the topic takes.</summary>
    public const string RecordTooLarge = "CDCF5209";

    /// <summary>Records were not acknowledged.</summary>
    public const string NotDelivered = "CDCF5210";

    /// <summary>Another producer has taken the transactional id.</summary>
    public const string Fenced = "CDCF5211";

    /// <summary>The transaction is not committed.</summary>
    public const string NotCommitted = "CDCF5212";

    /// <summary>It is unknown whether a transaction was committed.</summary>
    public const string OutcomeUnknown = "CDCF5213";

    /// <summary>The broker aborted the transaction because it took too long.</summary>
    public const string TransactionTimedOut = "CDCF5214";

    /// <summary>The broker refused a request for another reason; the message carries its name for it.</summary>
    public const string Refused = "CDCF5215";

    /// <summary>librdkafka was compiled without a compression that the sink asks for.</summary>
    public const string CompressionMissing = "CDCF5216";

    /// <summary>librdkafka is not there, or does not load.</summary>
    public const string LibraryMissing = "CDCF5217";

    /// <summary>A broker refused the time of a record.</summary>
    public const string RecordTime = "CDCF5218";

    /// <summary>A broker refused a record, as a compacted topic does one without a key.</summary>
    public const string RecordInvalid = "CDCF5219";

    /// <summary>Warning: others may read the private key of a connection.</summary>
    public const string KeyFileOpen = "CDCF5220";
}
