using System.Globalization;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CdcFlow.TestServers;

/// <summary>A Kafka broker in a container, with one plain listener: of image <c>KAFKA_IMAGE</c>, else the project's own.</summary>
/// <remarks>Check <see cref="ContainerEngine.Missing"/> first and skip with it.</remarks>
public sealed class KafkaContainer : IBroker
{
    private static readonly string image = ContainerEngine.Image("KAFKA_IMAGE", "apache/kafka:4.1.0");

    // The same port inside and outside, chosen once: it is what clients are told, and what they come back to after a kill.
    private readonly int port = Loopback.FreePort();
    private readonly IContainer container;

    private KafkaContainer() => container = new ContainerBuilder(image)
        .WithPortBinding(port, port)
        .WithEnvironment(Settings().ToDictionary(setting => "KAFKA_" + setting.Name.Replace('.', '_').ToUpperInvariant(), setting => setting.Value))
        .WithCreateParameterModifier(create => create.HostConfig!.Init = true) // so that the broker is not process 1, which no signal kills
        .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Kafka Server started"))
        .WithLogger(NullLogger.Instance)
        .Build();

    public string Origin => $"a container of {image}";

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public static async Task<KafkaContainer> StartAsync(CancellationToken cancellationToken)
    {
        var broker = new KafkaContainer();
        try
        {
            await broker.container.StartAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    // Every process there but the first, which ends when the broker has.
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await container.ExecAsync(["sh", "-c", "kill -9 -1"], cancellationToken);
        await container.StopAsync(cancellationToken);
    }

    public Task StartAgainAsync(CancellationToken cancellationToken) => container.StartAsync(cancellationToken);

    public async Task<IEnumerable<string>> RunToolAsync(string mainClass, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await container.ExecAsync(
            ["java", .. KafkaFiles.QuietOptions, "-cp", "/opt/kafka/libs/*", mainClass, "--bootstrap-server", Address, .. arguments], cancellationToken);
        return result.ExitCode == 0
            ? result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{mainClass} ended with {result.ExitCode}: {result.Stderr}");
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private IEnumerable<(string Name, string Value)> Settings() =>
    [
        ("process.roles", "broker,controller"),
        ("node.id", "1"),
        ("controller.quorum.voters", "1@127.0.0.1:9093"),
        ("controller.listener.names", "CONTROLLER"),
        ("listeners", string.Create(CultureInfo.InvariantCulture, $"PLAIN://0.0.0.0:{port},CONTROLLER://127.0.0.1:9093")),
        ("advertised.listeners", $"PLAIN://{Address}"),
        ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAIN:PLAINTEXT"),
        ("inter.broker.listener.name", "PLAIN"),
        ("log.dirs", "/tmp/kafka-data"),
        ("offsets.topic.replication.factor", "1"),
        ("transaction.state.log.replication.factor", "1"),
        ("transaction.state.log.min.isr", "1"),
        ("share.coordinator.state.topic.replication.factor", "1"),
        ("share.coordinator.state.topic.min.isr", "1"),
        ("group.initial.rebalance.delay.ms", "0"),
        ("auto.create.topics.enable", "false"),
        ("broker.session.timeout.ms", "1500"),
        ("broker.heartbeat.interval.ms", "300"),
    ];
}
