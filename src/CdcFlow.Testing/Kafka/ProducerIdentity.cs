namespace CdcFlow.Testing.Kafka;

/// <summary>A producer to the brokers: of one id, a higher epoch fences the lower ones.</summary>
/// <param name="Id">The producer's id.</param>
/// <param name="Epoch">Its epoch.</param>
public readonly record struct ProducerIdentity(long Id, short Epoch)
{
    /// <summary><c>id:epoch</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Id}:{Epoch}");
}
