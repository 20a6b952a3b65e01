using System.Globalization;

namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>What a topic refuses, as far as the broker tells.</summary>
/// <param name="RecordBytesMax">How large a batch it takes.</param>
/// <param name="NeedsKey">Whether it is compacted, and takes no record without a key.</param>
/// <param name="AgeMax">How old a record may be; null for any age.</param>
/// <param name="LeadMax">How far a record may be ahead of the broker's clock; null for as far as it likes.</param>
internal sealed record TopicRules(int RecordBytesMax, bool NeedsKey, TimeSpan? AgeMax, TimeSpan? LeadMax)
{
    internal const string AgeSetting = "message.timestamp.before.max.ms";
    internal const string LeadSetting = "message.timestamp.after.max.ms";

    // Brokers before 3.6 have one limit for both directions.
    private const string DifferenceSetting = "message.timestamp.difference.max.ms";

    // Brokers' clocks are not ours, and a record is a while on its way.
    private static readonly TimeSpan marginMax = TimeSpan.FromMinutes(1);

    /// <summary>Those of a topic whose settings the broker does not tell: its refusal will.</summary>
    public static readonly TopicRules Untold = new(int.MaxValue, NeedsKey: false, AgeMax: null, LeadMax: null);

    /// <summary>Reads them from a topic's settings, those included that are the broker's.</summary>
    public static TopicRules Of(IReadOnlyDictionary<string, string> config)
    {
        var limitsTime = config.GetValueOrDefault("message.timestamp.type") != "LogAppendTime";
        return new TopicRules(
            (int)Math.Min(Number(config, "max.message.bytes") ?? int.MaxValue, int.MaxValue),
            config.GetValueOrDefault("cleanup.policy")?.Contains("compact", StringComparison.Ordinal) == true,
            limitsTime ? Limit(config, AgeSetting) : null,
            limitsTime ? Limit(config, LeadSetting) : null);
    }

    /// <summary>Whether a record is older than the topic takes, or nearly.</summary>
    public bool IsTooOld(DateTimeOffset record, DateTimeOffset now) => AgeMax is { } limit && now - record > limit - Margin(limit);

    /// <summary>Whether a record is further ahead than the topic takes, or nearly.</summary>
    public bool IsTooNew(DateTimeOffset record, DateTimeOffset now) => LeadMax is { } limit && record - now > limit - Margin(limit);

    private static TimeSpan Margin(TimeSpan limit) => limit / 10 < marginMax ? limit / 10 : marginMax;

    private static TimeSpan? Limit(IReadOnlyDictionary<string, string> config, string setting) =>
        (Number(config, setting) ?? Number(config, DifferenceSetting)) is { } milliseconds && milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static long? Number(IReadOnlyDictionary<string, string> config, string setting) =>
        config.TryGetValue(setting, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
