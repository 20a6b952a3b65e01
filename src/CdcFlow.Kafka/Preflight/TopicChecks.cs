using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Sink.Commit;

namespace CdcFlow.Kafka.Preflight;

/// <summary>Whether topics exist or may be made, may be written to, and keep what they acknowledge.</summary>
internal sealed class TopicChecks(IKafkaCluster cluster, ClusterDescription described, KafkaConnectionOptions options)
{
    private const int ReplicasWanted = 3;
    private const int InSyncWanted = 2;

    /// <summary>The topic of markers, which must outlive as much as the best kept topic that it speaks of.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> MarkerAsync(IReadOnlyList<KafkaSinkOptions> sinks, CancellationToken cancellationToken)
    {
        var name = $"marker topic {options.MarkerTopic}";
        var topic = new MarkerTopic(cluster, "", options.MarkerTopic, create: false);
        var found = await cluster.DescribeTopicAsync(options.MarkerTopic, cancellationToken);
        var config = found is null ? null : await ConfigAsync(found.Name, cancellationToken);
        return found is null && options.CreateMarkerTopic ? [Creation(name, options.MarkerTopic)]
            : topic.Unfitness(found, config) is { } problem ? [Failed(name, problem)]
            : Existing(name, found!, config!, KafkaOperations.Read | KafkaOperations.Write, sinks.Select(Replicas).DefaultIfEmpty(ReplicasWanted).Max());
    }

    /// <summary>The topics of a sink that are known by name; others are looked at when a change names them.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> OfAsync(KafkaSinkOptions sink, CancellationToken cancellationToken)
    {
        List<PreflightCheck> checks = [];
        foreach (var template in new[] { sink.Topic, sink.DeadLetterTopic })
        {
            if (template is { IsFixed: true })
            {
                checks.AddRange(await OfAsync(sink, template.ToString(), cancellationToken));
            }
            else if (template is not null)
            {
                checks.Add(new PreflightCheck($"topics {template}", PreflightStatus.Passed, "They are looked at when the first change names them."));
            }
        }

        return checks;
    }

    private async ValueTask<IReadOnlyList<PreflightCheck>> OfAsync(KafkaSinkOptions sink, string topic, CancellationToken cancellationToken)
    {
        var name = $"topic {topic}";
        var found = await cluster.DescribeTopicAsync(topic, cancellationToken);
        if (found is not null)
        {
            var config = await ConfigAsync(topic, cancellationToken);
            return
            [
                .. Existing(name, found, config, KafkaOperations.Write, Replicas(sink)),
                .. TopicSettings.Check(name, topic, config, options.RecordBytesMax), .. TopicSettings.Refusals(name, topic, config, sink),
            ];
        }

        return sink.Definition.Create ? [Creation(name, topic)]
            : [Failed(name, KafkaSinkErrors.NoTopic(sink.Name, topic, sink.Definition.Partitions))];
    }

    /// <summary>How many are wanted: whoever sets fewer than usual knows of it.</summary>
    private static int Replicas(KafkaSinkOptions sink) => sink.Definition.ReplicationFactor is > 0 and < ReplicasWanted and var meant ? meant : ReplicasWanted;

    private IReadOnlyList<PreflightCheck> Existing(
        string name, TopicDescription topic, IReadOnlyDictionary<string, string> config, KafkaOperations needed, int replicas)
    {
        if (topic.Allowed is { } allowed && (allowed & needed) != needed)
        {
            KafkaOperations[] missing = [.. Enum.GetValues<KafkaOperations>().Where(operation => (needed & ~allowed & operation) != 0)];
            return [new PreflightCheck(
                name, PreflightStatus.Failed, $"This client may not {string.Join(" or ", missing)} there.", KafkaSinkErrors.PrivilegeMissing,
                $"kafka-acls.sh --add --allow-principal {cluster.Principal} {string.Join(' ', missing.Select(operation => $"--operation {operation}"))} --topic {topic.Name}")];
        }

        var limit = config.TryGetValue("max.message.bytes", out var bytes) ? $", records of up to {bytes} bytes" : "";
        return [new PreflightCheck(name, PreflightStatus.Passed, $"It has {topic.Partitions} partitions{limit}."), .. Durability(name, topic, config, replicas)];
    }

    /// <summary>What acknowledged records may be lost by. It is for a person to know, and for nobody to be stopped by.</summary>
    private static IEnumerable<PreflightCheck> Durability(string name, TopicDescription topic, IReadOnlyDictionary<string, string> config, int replicas)
    {
        if (topic.ReplicationFactor < replicas)
        {
            yield return Weak(
                name, $"It has {topic.ReplicationFactor} replicas: a broker that is lost for good takes acknowledged records with it.",
                $"kafka-reassign-partitions.sh, to {replicas} replicas.");
        }

        if (config.TryGetValue("min.insync.replicas", out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var inSync) && inSync < Math.Min(InSyncWanted, replicas))
        {
            yield return Weak(
                name, $"min.insync.replicas is {inSync}: a record may be acknowledged by one broker alone.",
                $"kafka-configs.sh --alter --entity-type topics --entity-name {topic.Name} --add-config min.insync.replicas={InSyncWanted}");
        }

        if (config.TryGetValue("unclean.leader.election.enable", out var unclean) && bool.TryParse(unclean, out var isUnclean) && isUnclean)
        {
            yield return Weak(
                name, "A broker that lacks acknowledged records may become a leader.",
                $"kafka-configs.sh --alter --entity-type topics --entity-name {topic.Name} --add-config unclean.leader.election.enable=false");
        }
    }

    private PreflightCheck Creation(string name, string topic) =>
        described.Allowed is { } allowed && (allowed & KafkaOperations.Create) == 0
            ? new PreflightCheck(
                name, PreflightStatus.Warning, "It does not exist, and this client may not create topics of any name.", KafkaSinkErrors.PrivilegeMissing,
                $"kafka-acls.sh --add --allow-principal {cluster.Principal} --operation Create --topic {topic}")
            : new PreflightCheck(name, PreflightStatus.Passed, "It will be created.");

    private async ValueTask<IReadOnlyDictionary<string, string>> ConfigAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.TopicConfigAsync(topic, cancellationToken);
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.Refused)
        {
            return new Dictionary<string, string>(); // the broker does not tell this client
        }
    }

    private static PreflightCheck Weak(string name, string sentence, string fix) => new(name, PreflightStatus.Warning, sentence, KafkaSinkErrors.Durability, fix);

    private static PreflightCheck Failed(string name, CdcFlowException problem) => new(name, PreflightStatus.Failed, problem.Happened, problem.Code, problem.Fix);
}
