using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>The coded form of what librdkafka or a broker said. Texts of theirs name hosts, topics and ids, never record bytes or secrets.</summary>
/// <param name="cluster">The brokers' addresses, for the sentence.</param>
/// <param name="principal">Who the brokers take this client for, as in <c>User:cdc</c>.</param>
internal sealed class KafkaErrors(string cluster, string principal)
{
    private const string RetriesAlone = "The pipeline tries again from its last checkpoint; if it goes on, check addresses, network and the brokers' logs.";

    /// <summary>A request failed.</summary>
    /// <param name="error">What was said.</param>
    /// <param name="subject">What was being done, as in <c>describing topic 'orders'</c>.</param>
    /// <param name="resource">The name of the topic, or of the transactional ids, that a right to it would be granted on; null where several are concerned.</param>
    /// <param name="isCreation">Whether the topic was to be created, which is another right.</param>
    internal KafkaException Of(ClientError error, string subject, string? resource = null, bool isCreation = false)
    {
        var happened = $"Kafka cluster {cluster}, {subject}: {error.Text} ({error.Name}).";
        return error.Code switch
        {
            ErrorCode.Local_Ssl => new(KafkaFailure.Refused, KafkaClientErrorCodes.Tls, happened, TlsFix, ErrorDomain.User),
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState =>
                new(KafkaFailure.Refused, KafkaClientErrorCodes.Login, happened, "Check Username, Password and SASL Mechanism of the connection string.", ErrorDomain.User),
            ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed =>
                new(KafkaFailure.Refused, KafkaClientErrorCodes.NotAllowed, happened, FixOfGrant(error.Code, resource ?? "…", isCreation), ErrorDomain.User),
            ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition =>
                new(KafkaFailure.TopicMissing, KafkaClientErrorCodes.TopicMissing, happened, "Create it, or let the sink create it.", ErrorDomain.User),
            ErrorCode.TopicAlreadyExists => new(KafkaFailure.TopicExists, KafkaClientErrorCodes.TopicExists, happened),
            ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
                new(KafkaFailure.RecordTooLarge, KafkaClientErrorCodes.RecordTooLarge, happened, "Raise max.message.bytes of the topic, or lower RecordBytesMax to it; or send such records to a dead-letter topic.", ErrorDomain.User),
            ErrorCode.InvalidTimestamp => new(
                KafkaFailure.Refused, KafkaClientErrorCodes.RecordTime, happened,
                "Set the topic's message.timestamp.type to LogAppendTime, or raise its message.timestamp.before.max.ms or message.timestamp.after.max.ms; where this client may read the topic's "
                + "settings (--operation DescribeConfigs), such records go to DeadLetterTopic instead.", ErrorDomain.User),
            ErrorCode.InvalidRecord => new(
                KafkaFailure.Refused, KafkaClientErrorCodes.RecordInvalid, happened,
                "A compacted topic takes no record without a key, as of a truncate: set Truncates to Skip, or the topic's cleanup.policy to delete; where this client may read the topic's "
                + "settings (--operation DescribeConfigs), such records go to DeadLetterTopic instead.", ErrorDomain.User),
            ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch => Fenced(happened),
            _ when MayHeal(error) => new(KafkaFailure.Unreachable, KafkaClientErrorCodes.Unreachable, happened, RetriesAlone, isTransient: true) { IsAway = true },
            _ => new(KafkaFailure.Refused, KafkaClientErrorCodes.Refused, happened, FixOfRefusal(error.Code), ErrorDomain.External),
        };
    }

    /// <summary>A record was not acknowledged in time.</summary>
    internal KafkaException NotAcknowledged(ClientError error, string subject) => new(
        KafkaFailure.NotCommitted, KafkaClientErrorCodes.NotDelivered,
        $"Kafka cluster {cluster}, {subject}: no acknowledgement in time: {error.Text} ({error.Name}).", RetriesAlone, isTransient: true)
    { IsAway = true };

    internal KafkaException NotCommitted(ClientError error) => new(
        KafkaFailure.NotCommitted, KafkaClientErrorCodes.NotCommitted, $"Kafka cluster {cluster}: the transaction is not committed: {error.Text} ({error.Name}).",
        "The pipeline restarts from its last checkpoint and writes it again.", isTransient: true);

    internal KafkaException OutcomeUnknown(string reason) => new(
        KafkaFailure.OutcomeUnknown, KafkaClientErrorCodes.OutcomeUnknown, $"Kafka cluster {cluster}: it is not known whether the transaction was committed: {reason}.",
        "The pipeline restarts and asks the marker.", isTransient: true);

    internal KafkaException TransactionTimedOut(TimeSpan limit) => new(
        KafkaFailure.NotCommitted, KafkaClientErrorCodes.TransactionTimedOut, $"Kafka cluster {cluster}: the transaction took longer than {limit}, so the broker aborted it.",
        "The pipeline restarts from its last checkpoint. If it goes on, set Checkpoint:Interval to less, or raise TransactionTimeoutSeconds (at most the broker's transaction.max.timeout.ms).", isTransient: true);

    private const string TlsFix =
        "Check Root Certificate (the authority that signed the broker's certificate), that the broker's certificate names the host of Bootstrap Servers, and that its listener speaks TLS.";

    private static KafkaException Fenced(string happened) => new(
        KafkaFailure.Fenced, KafkaClientErrorCodes.Fenced, happened, "Another producer has taken the transactional id: only one instance of a pipeline may run.")
    {
        IsFenced = true,
    };

    private string FixOfGrant(ErrorCode code, string resource, bool isCreation) => $"Grant it: kafka-acls.sh --add --allow-principal {principal} --operation " + code switch
    {
        ErrorCode.TransactionalIdAuthorizationFailed => $"Write --operation Describe --transactional-id {resource}",
        ErrorCode.TopicAuthorizationFailed => isCreation ? $"Create --topic {resource}" : $"Write --operation Describe --topic {resource}",
        ErrorCode.ClusterAuthorizationFailed => isCreation ? $"Create --topic {resource}" : "IdempotentWrite --cluster",
        _ => "Read --group '*'",
    };

    private static string FixOfRefusal(ErrorCode code) => code switch
    {
        ErrorCode.InvalidReplicationFactor => "Set ReplicationFactor to at most the number of brokers, or to -1 for the brokers' default.",
        ErrorCode.InvalidPartitions => "Set Partitions to 1 or more, or to -1 for the brokers' default.",
        ErrorCode.TopicException => "Set Topic to another name: brokers make no topic whose name differs from another's in nothing but dots and underscores.",
        ErrorCode.InvalidConfig => "Set TopicConfig to names and values that the brokers know.",
        ErrorCode.InvalidTransactionTimeout => "Set TransactionTimeoutSeconds to at most the brokers' transaction.max.timeout.ms, which is 900 seconds unless they say otherwise.",
        _ => "Look its name up in Kafka's protocol guide, \"Error Codes\".",
    };

    private static bool MayHeal(ClientError error) => error.IsRetriable || error.Code is
        ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_MsgTimedOut
        or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.RequestTimedOut or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
        or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.ConcurrentTransactions
        or ErrorCode.InvalidTxnState or ErrorCode.InvalidProducerIdMapping or ErrorCode.UnknownProducerId
        or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_State;
}
