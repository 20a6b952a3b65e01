using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka;

/// <summary>The run-time error codes of the Kafka sink. Each has a row in <c>docs/reference/errors.md</c>.</summary>
/// <remarks>No message carries row values.</remarks>
public static class KafkaSinkErrors
{
    /// <summary>A newer instance has taken the sink over.</summary>
    public const string Fenced = "CDCF5231";

    /// <summary>Somebody has used the pipeline's transactional ids, and no newer instance says that it was it.</summary>
    public const string Disturbed = "CDCF5232";

    /// <summary>It is unknown whether a transaction was committed.</summary>
    public const string OutcomeUnknown = "CDCF5233";

    /// <summary>A transaction was not committed.</summary>
    public const string NotCommitted = "CDCF5234";

    /// <summary>A checkpoint that was to be committed already is not the one that the marker names.</summary>
    public const string MarkerDiffers = "CDCF5235";

    /// <summary>The marker topic holds something that is no marker of this pipeline.</summary>
    public const string MarkerUnreadable = "CDCF5236";

    /// <summary>The marker topic is not what it must be: one partition, compacted.</summary>
    public const string MarkerTopicUnfit = "CDCF5237";

    /// <summary>A topic is missing.</summary>
    public const string TopicMissing = "CDCF5238";

    /// <summary>A name cannot be a topic's.</summary>
    public const string TopicNameInvalid = "CDCF5239";

    /// <summary>A topic has other partitions than before, or was deleted and made anew.</summary>
    public const string TopicChanged = "CDCF5240";

    /// <summary>A record is larger than its topic takes.</summary>
    public const string RecordTooLarge = "CDCF5241";

    /// <summary>A change has no form in the record format.</summary>
    public const string RecordUnencodable = "CDCF5242";

    /// <summary>More records went to the dead-letter topic in one checkpoint than are allowed.</summary>
    public const string DeadLettersTooMany = "CDCF5243";

    /// <summary>The source's table was truncated, and the sink is set to refuse that.</summary>
    public const string TruncateRefused = "CDCF5244";

    /// <summary>A row type chose a partition that its topic does not have.</summary>
    public const string PartitionInvalid = "CDCF5245";

    /// <summary>The cluster may lose what it has acknowledged.</summary>
    public const string Durability = "CDCF5246";

    /// <summary>The transaction timeout is longer than the broker allows.</summary>
    public const string TransactionTimeoutTooLong = "CDCF5247";

    /// <summary>This client lacks a right.</summary>
    public const string PrivilegeMissing = "CDCF5248";

    /// <summary>What a topic takes and what the client sends do not go together.</summary>
    public const string RecordLimitsDiffer = "CDCF5249";

    /// <summary>A topic forgets records that are still to be written.</summary>
    public const string RetentionShort = "CDCF5250";

    /// <summary>A compacted topic takes no record without a key.</summary>
    public const string KeyMissing = "CDCF5251";

    /// <summary>A topic takes no record as old as this one.</summary>
    public const string RecordTooOld = "CDCF5252";

    /// <summary>A record's time is further ahead of the broker's clock than its topic takes.</summary>
    public const string RecordTooNew = "CDCF5253";

    /// <summary>The folder for values that are too large is not configured.</summary>
    public const string ClaimFolderMissing = "CDCF5254";

    /// <summary>The folder for values that are too large cannot be written to.</summary>
    public const string ClaimFolderUnwritable = "CDCF5255";

    /// <summary>A column that is to be cut where records are too large cannot be.</summary>
    public const string ColumnNotCuttable = "CDCF5256";

    /// <summary>Warning: values of a table were cut, as their records were too large.</summary>
    public const string ValuesCut = "CDCF5257";

    /// <summary>A node before the sink is to set changes aside, and the sink has no dead-letter topic.</summary>
    public const string DeadLetterTopicMissing = "CDCF5258";

    internal static CdcFlowException FencedBy(string pipeline, Epoch epoch, Epoch newer, string holder, string topic) => new(
        Fenced, $"Epoch {epoch} of pipeline '{pipeline}' may not write any more: epoch {newer} has taken over, on {holder}.",
        $"Let this instance end; only one may run. If the other is of another pipeline, give each a name of its own: topic '{topic}' is this one's.",
        ErrorDomain.External)
    { IsFenced = true, FencedBy = newer };

    internal static CdcFlowException OtherOwner(string topic, StoreId owner, Epoch epoch) => new(
        Fenced, $"The marker in topic '{topic}' belongs to checkpoint store {owner} by now (epoch {epoch}); it was left as it is.",
        "Look whose it is: `status`. If this store is to take its place: `takeover`, then `reset` again.", ErrorDomain.External)
    { IsFenced = true, FencedBy = epoch };

    internal static CdcFlowException DisturbedBy(string pipeline, Epoch epoch, string ids, Exception inner) => new(
        Disturbed, $"The producer of epoch {epoch} of pipeline '{pipeline}' was fenced, or the broker aborted its transaction for its age; no newer instance has taken over.",
        $"The pipeline restarts from its last checkpoint. If it goes on, something else uses transactional ids that begin with '{ids}', or checkpoints take longer than TransactionTimeoutSeconds.",
        ErrorDomain.External, isTransient: true, inner);

    internal static CdcFlowException Unknown(CheckpointRef checkpoint, Exception inner) => new(
        OutcomeUnknown, $"The cluster did not say whether checkpoint {checkpoint} is committed.",
        "The pipeline restarts and asks the marker.", ErrorDomain.External, isTransient: true, inner);

    internal static CdcFlowException Lost(CheckpointRef checkpoint, Exception inner) => new(
        NotCommitted, $"Checkpoint {checkpoint} was not committed: {(inner as CdcFlowException)?.Happened ?? inner.Message}",
        (inner as CdcFlowException)?.Fix ?? "The pipeline restarts from its last checkpoint.", ErrorDomain.External, isTransient: true, inner);

    internal static CdcFlowException Differs(CheckpointRef checkpoint, CheckpointRef? marker) => new(
        MarkerDiffers, $"Checkpoint {checkpoint} is not committed, the marker names {marker?.ToString() ?? "none"}, and its records are gone.",
        "The marker topic was written to by something else, or another pipeline has this one's name.", ErrorDomain.External);

    internal static CdcFlowException Unreadable(string topic, long offset, string why) => new(
        MarkerUnreadable, $"Offset {offset} of marker topic '{topic}' {why}.",
        "Give each pipeline a marker topic of its own (MarkerTopic), which nothing else writes to.");

    internal static CdcFlowException NoTopic(string sink, string topic, int partitions) => new(
        TopicMissing, $"Sink '{sink}' writes to topic '{topic}', which does not exist.",
        $"kafka-topics.sh --create --topic {topic} --partitions {Math.Max(partitions, 1)}; or set CreateTopic = true.");

    internal static CdcFlowException BadTopicName(string topic) => new(
        TopicNameInvalid, $"No topic can have the name '{topic}'.",
        "A topic's name has 1 to 249 of the letters a-z, A-Z, 0-9, '.', '_' and '-'; set another Topic, or one without the placeholder whose value does not fit.");

    internal static CdcFlowException Changed(string topic, string how) => new(
        TopicChanged, $"Topic '{topic}' {how}: keys would go to other partitions than before, or earlier records are gone.",
        "Let readers finish what is there, then set AllowTopicChange = true for one start.");

    internal static CdcFlowException TooLarge(string subject, string topic, int bytes, RecordLimit limit) => new(
        RecordTooLarge, $"{subject} makes a record of {bytes} bytes, and {(limit.Topic < limit.Client ? "its topic takes" : "this client sends")} {limit.Bytes}.",
        $"Raise {limit.SettingsBelow(bytes)} to {bytes} or more{(bytes > limit.Topic ? $" (kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config max.message.bytes={bytes})" : "")}, leave columns out by a transform, or set TruncateColumns, ClaimCheck or DeadLetterTopic.")
    { IsSinkRefusal = true };

    internal static CdcFlowException RefusedAsTooLarge(CdcFlowException inner) => new(
        RecordTooLarge, inner.Happened, "Raise the topic's max.message.bytes, or lower RecordBytesMax to it: batches of small records are as large.", inner: inner)
    { IsSinkRefusal = true };

    internal static CdcFlowException MarkerTooLarge(string topic, int bytes) => new(
        RecordTooLarge, $"The marker for topic '{topic}' has {bytes} bytes, more than this client sends.",
        "Raise RecordBytesMax and the marker topic's max.message.bytes, or write to fewer topics: the marker names each.")
    { IsSinkRefusal = true };

    internal static CdcFlowException Unencodable(string subject, CdcFlowException inner) => new(
        RecordUnencodable, $"{subject} cannot be encoded: {inner.Happened}", $"{inner.Fix} Or set DeadLetterTopic.", inner: inner)
    { IsSinkRefusal = true };

    internal static CdcFlowException TooManyDeadLetters(string sink, int max, CdcFlowException last) => new(
        DeadLettersTooMany, $"Sink '{sink}' has brought more than {max} records to its dead-letter topic in one checkpoint. The last: {last.Happened}",
        $"{last.Fix} Or raise DeadLettersMax.", inner: last)
    { IsSinkRefusal = true };

    internal static CdcFlowException Truncated(string sink, TableId table) => new(
        TruncateRefused, $"Sink '{sink}' got a truncate of {table}, and Truncates = Refuse.",
        "Decide what readers shall be told, and set Truncates to EveryPartition or Skip.")
    { IsSinkRefusal = true };

    internal static CdcFlowException Keyless(string subject, string topic) => new(
        KeyMissing, $"{subject} has no key, and topic '{topic}' is compacted: it takes none without.",
        $"Set DeadLetterTopic to a topic that is not compacted; for a truncate also Truncates = Skip; or kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config cleanup.policy=delete.")
    { IsSinkRefusal = true };

    internal static CdcFlowException NoDeadLetterTopic(string pipeline, string sink) => new(
        DeadLetterTopicMissing, $"Sink '{sink}' has no topic for the changes that a node before it is to set aside (OnError = DeadLetter).",
        $"Set DeadLetterTopic of sink '{sink}': CdcFlow:{pipeline}:Sinks:{sink}:DeadLetterTopic. Or set OnError of the node to Skip or Stop.");

    internal static CdcFlowException LetterKeyless(string sink, string letters, CdcFlowException cause) => new(
        KeyMissing, $"Sink '{sink}': dead-letter topic '{letters}' is compacted and takes no record without a key, as this is: {cause.Happened}",
        $"kafka-configs.sh --alter --entity-type topics --entity-name {letters} --add-config cleanup.policy=delete; or set another DeadLetterTopic.", inner: cause)
    { IsSinkRefusal = true };

    internal static CdcFlowException TooOld(string subject, string topic, DateTimeOffset time, TimeSpan limit) => new(
        RecordTooOld, $"{subject} is of {time:u}, and topic '{topic}' takes records that are up to {limit} old.",
        $"kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config message.timestamp.type=LogAppendTime, or raise {TopicRules.AgeSetting} there; or set DeadLetterTopic.")
    { IsSinkRefusal = true };

    internal static CdcFlowException TooNew(string subject, string topic, DateTimeOffset time, TimeSpan limit) => new(
        RecordTooNew, $"{subject} is of {time:u}, and topic '{topic}' takes records that are up to {limit} ahead of the broker's clock: the source's clock is ahead, or the row type chose that time.",
        $"Set the source's clock; or kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config message.timestamp.type=LogAppendTime, or raise {TopicRules.LeadSetting} there; or set DeadLetterTopic.")
    { IsSinkRefusal = true };

    internal static CdcFlowException NoClaimFolder(string sink, string connection) => new(
        ClaimFolderMissing, $"Sink '{sink}' leaves large values in '{connection}', and ConnectionStrings:{connection} is no absolute path of a folder.",
        $"Set ConnectionStrings:{connection}, as in /srv/claims, or leave ClaimCheck out.");

    internal static CdcFlowException ClaimUnwritable(string folder, Exception inner) => new(
        ClaimFolderUnwritable, $"A value that is too large for its topic cannot be left in {folder}: {inner.Message}",
        "Let the process write there, and make room; a pipeline that runs tries again from its last checkpoint.", ErrorDomain.External, isTransient: true, inner);

    internal static CdcFlowException NotCuttable(string sink, string property, string why, IEnumerable<string> cuttable) => new(
        ColumnNotCuttable, $"TruncateColumns of sink '{sink}' names '{property}', which {why}.", $"Name properties that may be cut: {string.Join(", ", cuttable)}; or leave TruncateColumns out.");

    internal static string CutOf(string sink, TableId table) =>
        $"Sink '{sink}' cuts texts of {table}, whose records are too large for their topic: the header cdc-truncated says which, and cdcflow.sink.truncations counts them. "
        + "Raise the topic's max.message.bytes and RecordBytesMax to keep them whole.";

    internal static CdcFlowException NoSuchPartition(string subject, int partition, int partitions) => new(
        PartitionInvalid, $"{subject} chose partition {partition} of {partitions}.", "Return a number from 0 to one less than there are partitions, or null.")
    { IsSinkRefusal = true };

    internal static CdcFlowException NotConfigured(string connection) => new(
        ErrorCodes.ConfigurationMissing, $"Connection '{connection}' is not configured.",
        $"Set ConnectionStrings:{connection}, as in bootstrap.servers=localhost:9092.");
}
