namespace CdcFlow.Kafka.Client;

/// <summary>What a failure of the cluster means for who called it.</summary>
internal enum KafkaFailure
{
    /// <summary>The cluster could not be reached or did not answer in time.</summary>
    Unreachable,

    /// <summary>The cluster refused: credentials, grants, settings, a wrong name.</summary>
    Refused,

    /// <summary>There is no such topic or partition.</summary>
    TopicMissing,

    /// <summary>There is such a topic already.</summary>
    TopicExists,

    /// <summary>A record is larger than the topic takes; the transaction must be aborted.</summary>
    RecordTooLarge,

    /// <summary>A newer producer has the transactional id, so this one is over.</summary>
    Fenced,

    /// <summary>The transaction is not committed and never will be; it must be aborted.</summary>
    NotCommitted,

    /// <summary>Whether the transaction is committed cannot be known from here; the producer must be thrown away.</summary>
    OutcomeUnknown,
}

/// <summary>The cluster failed or refused.</summary>
internal sealed class KafkaException(
    KafkaFailure failure, string code, string happened, string? fix = null, ErrorDomain domain = ErrorDomain.External, bool isTransient = false, Exception? inner = null)
    : CdcFlowException(code, happened, fix, domain, isTransient, inner)
{
    public KafkaFailure Failure { get; } = failure;
}
