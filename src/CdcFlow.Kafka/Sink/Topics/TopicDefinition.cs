using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>How a missing topic is made, if at all.</summary>
internal sealed record TopicDefinition(bool Create, int Partitions, int ReplicationFactor, IReadOnlyDictionary<string, string> Config)
{
    public NewTopic Named(string topic) => new(topic, Partitions, ReplicationFactor, Config);

    /// <summary>How a topic for dead letters is made: the same, but that it takes records without keys and of any time.</summary>
    public TopicDefinition ForLetters() => this with
    {
        Config = Config.Where(setting => setting.Key != "cleanup.policy" && !setting.Key.StartsWith("message.timestamp.", StringComparison.Ordinal)).ToDictionary(),
    };

    /// <summary>Reads <c>name=value;name=value</c>.</summary>
    public static IReadOnlyDictionary<string, string> ParseConfig(string? text)
    {
        var config = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !config.TryAdd(parts[0], parts[1]))
            {
                throw new CdcFlowException(
                    ErrorCodes.ConfigurationValue, $"'{setting}' in TopicConfig is not one setting with its value.", "Write it as in cleanup.policy=compact;retention.ms=-1.");
            }
        }

        return config;
    }
}
