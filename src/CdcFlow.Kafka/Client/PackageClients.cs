using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;
using CdcFlow.Wire;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>Makes clients of the Confluent.Kafka package: without output of their own, with their complaints noted.</summary>
internal static class PackageClients
{
    /// <summary>A producer. With a transactional id it is served by <see cref="IProducer{TKey, TValue}.Poll"/> alone.</summary>
    internal static ClientKind<IProducer<byte[]?, byte[]?>> Producer(ProducerOptions options, TimeSpan timeout) => new(
        "producer", options.Settings(timeout),
        (config, complaint, refresh) =>
        {
            var builder = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => complaint(error));
            return (refresh is null ? builder : builder.SetOAuthBearerTokenRefreshHandler((_, _) => refresh())).Build();
        },
        producer => _ = producer.Poll(TimeSpan.Zero));

    /// <summary>A consumer, which the package wants to have a group; it never joins one.</summary>
    internal static ClientKind<IConsumer<byte[]?, byte[]?>> Consumer(IReadOnlyDictionary<string, string> settings) => new(
        "consumer", new Dictionary<string, string>(settings) { ["group.id"] = "cdcflow", ["enable.auto.commit"] = "false" },
        (config, complaint, refresh) =>
        {
            var builder = new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => complaint(error));
            return (refresh is null ? builder : builder.SetOAuthBearerTokenRefreshHandler((_, _) => refresh())).Build();
        },
        consumer => _ = ClientError.OfCall(() => consumer.Consume(0))); // an idle consumer complains of the group that it has no right to

    /// <summary>Makes one.</summary>
    /// <exception cref="CdcFlowException">CDCF5203: a certificate or key does not load. CDCF5215: a setting is refused.
    /// CDCF5216: the library lacks a compression. CDCF5217: there is no library.</exception>
    internal static TClient Create<TClient>(KafkaConnectionSettings connection, ClientKind<TClient> kind, Action<Error> complaint, Action? refresh)
    {
        NativeLibrary.Require(NativeLibrary.Version);
        var config = ClientSettings.Of(connection, kind.Settings);
        try
        {
            return kind.Build(config, complaint, refresh);
        }
        catch (Exception refusal) when (refusal is InvalidOperationException or ArgumentException or Confluent.Kafka.KafkaException)
        {
            throw kind.Settings.TryGetValue(ProducerOptions.CompressionSetting, out var compression) && refusal.Message.Contains(ProducerOptions.CompressionSetting, StringComparison.Ordinal)
                ? NoCompression(compression)
                : new KafkaException(
                    KafkaFailure.Refused, connection.Tls == TlsMode.Disable ? KafkaClientErrorCodes.Refused : KafkaClientErrorCodes.Tls,
                    $"The Kafka client could not be made: {refusal.Message.TrimEnd('.')}.", "Correct the connection string.", ErrorDomain.User);
        }
    }

    private static CdcFlowException NoCompression(string compression) => new(
        KafkaClientErrorCodes.CompressionMissing, $"The native Kafka client librdkafka was compiled without {compression}.",
        $"Set Compression to {nameof(KafkaCompression.Lz4)}, which is always there, or install a librdkafka that has {compression}.");
}

/// <summary>What a client is for.</summary>
/// <param name="Name">What its thread is called.</param>
/// <param name="Settings">librdkafka's settings for it.</param>
/// <param name="Build">Makes it; takes who is told of complaints, and who is asked for a new token (null where there are none).</param>
/// <param name="Serve">Has it call its handlers, without waiting.</param>
internal sealed record ClientKind<TClient>(
    string Name, IReadOnlyDictionary<string, string> Settings, Func<ClientConfig, Action<Error>, Action?, TClient> Build, Action<TClient> Serve);
