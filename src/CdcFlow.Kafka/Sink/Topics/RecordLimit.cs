namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>How many bytes a record may have.</summary>
/// <param name="Topic">What its topic takes; as many as it likes where the broker does not tell.</param>
/// <param name="Client">What this client sends.</param>
internal readonly record struct RecordLimit(int Topic, int Client)
{
    /// <summary>Both limits are kept with less.</summary>
    public int Bytes => Math.Min(Topic, Client);

    /// <summary>The settings that stop a record of a size, for the sentence that says what to raise.</summary>
    public string SettingsBelow(int bytes) =>
        bytes <= Topic ? nameof(KafkaSinkAttribute.RecordBytesMax)
        : bytes <= Client ? "the topic's max.message.bytes"
        : $"the topic's max.message.bytes and {nameof(KafkaSinkAttribute.RecordBytesMax)}";
}
