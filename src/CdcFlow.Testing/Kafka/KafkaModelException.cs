namespace CdcFlow.Testing.Kafka;

/// <summary>The modelled broker refuses, or does not answer.</summary>
/// <param name="error">What it says.</param>
/// <param name="about">What about.</param>
public sealed class KafkaModelException(KafkaError error, string about) : Exception($"{error}: {about}")
{
    /// <summary>What it says.</summary>
    public KafkaError Error { get; } = error;
}
