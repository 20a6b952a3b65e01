using CdcFlow.Kafka.Sink.Records;

namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>Whether a topic takes a record, its size apart. Decided before it is sent: what a broker refuses fails the whole transaction.</summary>
internal enum RecordFitness
{
    Fit,

    /// <summary>The topic is compacted, and the record has no key.</summary>
    Keyless,

    TooOld,

    TooNew,
}

/// <content>The decision, and its sentence.</content>
internal static class RecordFitnesses
{
    public static RecordFitness Fitness<T>(this TopicRules rules, ChangeRecord<T> record, DateTimeOffset now)
        where T : class =>
        rules.NeedsKey && !record.HasKey ? RecordFitness.Keyless
        : rules.IsTooOld(record.Time, now) ? RecordFitness.TooOld
        : rules.IsTooNew(record.Time, now) ? RecordFitness.TooNew
        : RecordFitness.Fit;

    /// <summary>Why a record is not sent.</summary>
    public static CdcFlowException Refusal(this RecordFitness fitness, string subject, BoundTopic topic, DateTimeOffset time) => fitness switch
    {
        RecordFitness.Keyless => KafkaSinkErrors.Keyless(subject, topic.Name),
        RecordFitness.TooOld => KafkaSinkErrors.TooOld(subject, topic.Name, time, topic.Rules.AgeMax!.Value),
        _ => KafkaSinkErrors.TooNew(subject, topic.Name, time, topic.Rules.LeadMax!.Value),
    };
}
