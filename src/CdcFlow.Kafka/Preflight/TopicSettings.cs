using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka.Preflight;

/// <summary>Whether the settings of a topic that is written to go together with the sink's. For a person to know, and for nobody to be stopped by.</summary>
internal static class TopicSettings
{
    // Where a topic takes more than brokers let it by themselves, somebody wants larger records there.
    private const int RecordBytesUsual = 1_048_588;

    // A pipeline that stood still for a night has older changes than that to write.
    private static readonly TimeSpan retentionLeast = TimeSpan.FromDays(1);

    /// <summary>Checks them.</summary>
    /// <param name="name">What the checks are called.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="config">Its settings, those included that are the broker's; without those that are not told.</param>
    /// <param name="recordBytesMax">How large records and batches the client sends.</param>
    public static IEnumerable<PreflightCheck> Check(string name, string topic, IReadOnlyDictionary<string, string> config, int recordBytesMax)
    {
        if (Number(config, "max.message.bytes") is { } limit)
        {
            if (limit < recordBytesMax)
            {
                yield return new PreflightCheck(
                    name, PreflightStatus.Warning, $"It takes batches of {limit} bytes, and this client sends up to {recordBytesMax}: what does not compress to less is refused.",
                    KafkaSinkErrors.RecordLimitsDiffer, $"Set {nameof(KafkaSinkAttribute.RecordBytesMax)} to {limit}; or {Alter(topic)} max.message.bytes={recordBytesMax}");
            }
            else if (limit > Math.Max(recordBytesMax, RecordBytesUsual))
            {
                yield return new PreflightCheck(
                    name, PreflightStatus.Warning, $"It takes records of {limit} bytes, and this client sends none above {recordBytesMax}.",
                    KafkaSinkErrors.RecordLimitsDiffer, $"Set {nameof(KafkaSinkAttribute.RecordBytesMax)} to {limit}.");
            }
        }

        if (Number(config, "retention.ms") is { } retention and >= 0 && TimeSpan.FromMilliseconds(retention) < retentionLeast && IsDeletedByCommitTime(config))
        {
            yield return new PreflightCheck(
                name, PreflightStatus.Warning,
                $"It keeps records for {TimeSpan.FromMilliseconds(retention)} from the time of their transaction: what is written later than that may be deleted before it is read.",
                KafkaSinkErrors.RetentionShort, $"{Alter(topic)} message.timestamp.type=LogAppendTime, or a longer retention.ms");
        }
    }

    /// <summary>Checks what the topic refuses of a sink's records.</summary>
    /// <param name="name">What the checks are called.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="sink">The sink that writes there.</param>
    public static IEnumerable<PreflightCheck> Refusals(string name, string topic, IReadOnlyDictionary<string, string> config, KafkaSinkOptions sink)
    {
        var rules = TopicRules.Of(config);
        var isForLetters = sink.DeadLetterTopic?.ToString() == topic;
        var fate = sink.DeadLetterTopic is null ? "stops the pipeline" : "goes to the dead letters";
        if (rules.NeedsKey && isForLetters)
        {
            yield return new PreflightCheck(
                name, PreflightStatus.Warning, "It is compacted: a dead letter without a key, as of a truncate, stops the pipeline.",
                KafkaSinkErrors.KeyMissing, $"{Alter(topic)} cleanup.policy=delete");
        }
        else if (rules.NeedsKey && sink.Truncates == TruncateMode.EveryPartition)
        {
            yield return new PreflightCheck(
                name, PreflightStatus.Warning, $"It is compacted and takes no record without a key: a truncate of the table has none, and {fate}.",
                KafkaSinkErrors.KeyMissing, $"Set {nameof(KafkaSinkAttribute.Truncates)} to {nameof(TruncateMode.Skip)}, or {Alter(topic)} cleanup.policy=delete");
        }

        if (rules.AgeMax is { } age && !isForLetters)
        {
            yield return new PreflightCheck(
                name, PreflightStatus.Warning, $"It refuses records of transactions that are more than {age} old: what is read later than that, as after an outage, {fate}.",
                KafkaSinkErrors.RecordTooOld, $"{Alter(topic)} message.timestamp.type=LogAppendTime, or a longer {TopicRules.AgeSetting}");
        }
    }

    private static bool IsDeletedByCommitTime(IReadOnlyDictionary<string, string> config) =>
        config.TryGetValue("cleanup.policy", out var policy) && policy.Contains("delete", StringComparison.Ordinal)
        && !(config.TryGetValue("message.timestamp.type", out var type) && type == "LogAppendTime");

    private static long? Number(IReadOnlyDictionary<string, string> config, string setting) =>
        config.TryGetValue(setting, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Alter(string topic) => $"kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config";
}
