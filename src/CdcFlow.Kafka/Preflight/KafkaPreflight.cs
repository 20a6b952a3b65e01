using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;

namespace CdcFlow.Kafka.Preflight;

/// <summary>Finds out whether a connection could run. The one trace that it leaves is a transactional id that brokers forget by themselves.</summary>
internal sealed class KafkaPreflight(IKafkaCluster cluster, string pipeline, string connection, KafkaConnectionOptions options, IReadOnlyList<KafkaSinkOptions> sinks)
{
    private const string TimeoutSetting = "transaction.max.timeout.ms";

    public async ValueTask<PreflightReport> RunAsync(CancellationToken cancellationToken)
    {
        List<PreflightCheck> checks = [];
        IReadOnlyList<ConnectorPlace> places = [];
        try
        {
            var described = await cluster.DescribeClusterAsync(cancellationToken);
            checks.Add(new PreflightCheck("connection", PreflightStatus.Passed, "The cluster answers."));
            places = [.. sinks.Select(sink => Place(described, sink))];
            checks.Add(await CheckTimeoutAsync(cancellationToken));
            checks.Add(await CheckTransactionalIdAsync(cancellationToken));
            var topics = new TopicChecks(cluster, described, options);
            checks.AddRange(await topics.MarkerAsync(sinks, cancellationToken));
            foreach (var sink in sinks)
            {
                checks.AddRange(await topics.OfAsync(sink, cancellationToken));
            }
        }
        catch (CdcFlowException error) when (!error.IsTransient)
        {
            checks.Add(new PreflightCheck("connection", PreflightStatus.Failed, error.Happened, error.Code, error.Fix));
        }

        return new PreflightReport($"sink {connection}", checks) { Places = places };
    }

    private ConnectorPlace Place(ClusterDescription described, KafkaSinkOptions sink) => new(
        $"kafka://{described.Id ?? connection}/{sink.Topic}", $"topic {sink.Topic}", sink.Name,
        $"Set Topic of sink '{sink.Name}' to another one: CdcFlow:{pipeline}:Sinks:{sink.Name}:Topic.")
    {
        IsPerTable = !sink.Topic.IsFixed,
    };

    private async ValueTask<PreflightCheck> CheckTimeoutAsync(CancellationToken cancellationToken)
    {
        const string name = "transaction timeout";
        try
        {
            var config = await cluster.BrokerConfigAsync(cancellationToken);
            if (!config.TryGetValue(TimeoutSetting, out var text) || !long.TryParse(text, CultureInfo.InvariantCulture, out var limit))
            {
                return NotTold(name, TimeoutSetting);
            }

            return options.TransactionTimeout.TotalMilliseconds <= limit
                ? new PreflightCheck(name, PreflightStatus.Passed, $"The broker allows {TimeSpan.FromMilliseconds(limit)}.")
                : new PreflightCheck(
                    name, PreflightStatus.Failed, $"A transaction may become {options.TransactionTimeout} old, and the broker allows {TimeSpan.FromMilliseconds(limit)}.",
                    KafkaSinkErrors.TransactionTimeoutTooLong,
                    $"Set TransactionTimeoutSeconds to at most {limit / 1000}, or {TimeoutSetting} of the brokers to {options.TransactionTimeout.TotalMilliseconds}.");
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.Refused)
        {
            return NotTold(name, TimeoutSetting);
        }
    }

    /// <summary>Asks with an id of its own: the pipeline's must not be fenced while it may be running.</summary>
    private async ValueTask<PreflightCheck> CheckTransactionalIdAsync(CancellationToken cancellationToken)
    {
        const string name = "transactional id";
        try
        {
            await using var probe = await cluster.OpenProducerAsync(options.Producer($"{options.TransactionalId}.preflight") with { TransactionTimeout = TimeSpan.FromSeconds(10) }, cancellationToken);
            return new PreflightCheck(name, PreflightStatus.Passed, $"Ids that begin with '{options.TransactionalId}' may be used.");
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.Refused)
        {
            return new PreflightCheck(
                name, PreflightStatus.Warning, $"An id that begins with '{options.TransactionalId}' was refused: {error.Happened}", KafkaSinkErrors.PrivilegeMissing,
                $"kafka-acls.sh --add --allow-principal {cluster.Principal} --operation Write --operation Describe --transactional-id {options.TransactionalId}. --resource-pattern-type prefixed");
        }
    }

    private static PreflightCheck NotTold(string name, string setting) =>
        new(name, PreflightStatus.Passed, $"The broker does not tell this client its {setting}; a start will show it.");
}
