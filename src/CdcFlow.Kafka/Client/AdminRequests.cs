using System.Runtime.InteropServices;
using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Client;

/// <summary>librdkafka's administration requests, one at a time, on the client's thread.</summary>
internal sealed unsafe class AdminRequests(NativeClient client, TimeSpan timeout)
{
    private delegate void Request(AdminOptions* options, Queue* replies);

    internal (ClusterDescription Description, int LowestBroker) DescribeCluster(CancellationToken cancellationToken)
    {
        using var reply = Send(
            AdminOperation.DescribeCluster, (options, replies) => Librdkafka.DescribeCluster(client.Pointer, options, replies),
            "describing the cluster", cancellationToken);
        nuint count, operationCount;
        var nodes = new Span<nint>(Librdkafka.ClusterNodes(reply.Event, &count), (int)count);
        var operations = Librdkafka.ClusterOperations(reply.Event, &operationCount);
        var lowest = int.MaxValue;
        foreach (var node in nodes)
        {
            lowest = Math.Min(lowest, Librdkafka.NodeId((Node*)node));
        }

        return (new ClusterDescription(Marshal.PtrToStringUTF8((nint)Librdkafka.ClusterId(reply.Event)), nodes.Length, Operations(operations, operationCount)), lowest);
    }

    internal (TopicDescription Description, bool HasLeaders)? DescribeTopic(string topic, CancellationToken cancellationToken)
    {
        var name = Marshal.StringToCoTaskMemUTF8(topic);
        var collection = Librdkafka.TopicsOf((byte**)&name, 1);
        try
        {
            using var reply = Send(
                AdminOperation.DescribeTopics, (options, replies) => Librdkafka.DescribeTopics(client.Pointer, collection, options, replies),
                $"describing topic '{topic}'", cancellationToken);
            nuint count;
            var described = Librdkafka.DescribedTopics(reply.Event, &count)[0];
            return NativeError.Read(Librdkafka.TopicError(described)) switch
            {
                null => Read(topic, described),
                { Code: ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopic } => null,
                { } error => throw client.Errors.Of(error, $"describing topic '{topic}'"),
            };
        }
        finally
        {
            Librdkafka.TopicsDestroy(collection);
            Marshal.FreeCoTaskMem(name);
        }
    }

    internal void CreateTopic(NewTopic topic, CancellationToken cancellationToken)
    {
        var subject = $"creating topic '{topic.Name}'";
        var text = stackalloc byte[256];
        var request = Librdkafka.NewTopicNew(topic.Name, topic.Partitions, topic.ReplicationFactor, text, 256);
        if (request is null)
        {
            throw client.Errors.Of(NativeError.Of(ErrorCode.InvalidTopic, text)!.Value, subject);
        }

        try
        {
            foreach (var (name, value) in topic.Config)
            {
                _ = Librdkafka.NewTopicSetConfig(request, name, value);
            }

            using var reply = Send(
                AdminOperation.CreateTopics,
                (options, replies) =>
                {
                    var one = request;
                    Librdkafka.CreateTopics(client.Pointer, &one, 1, options, replies);
                },
                subject, cancellationToken);
            nuint count;
            var result = Librdkafka.CreatedTopics(reply.Event, &count)[0];
            ThrowIf(NativeError.Of(Librdkafka.TopicResultError(result), Librdkafka.TopicResultText(result)), subject);
        }
        finally
        {
            Librdkafka.NewTopicDestroy(request);
        }
    }

    internal IReadOnlyDictionary<string, string> DescribeConfig(ResourceType type, string name, CancellationToken cancellationToken)
    {
        var subject = $"reading the settings of {type.ToString().ToLowerInvariant()} '{name}'";
        var resource = Librdkafka.ConfigResourceNew(type, name);
        try
        {
            using var reply = Send(
                AdminOperation.DescribeConfigs,
                (options, replies) =>
                {
                    var one = resource;
                    Librdkafka.DescribeConfigs(client.Pointer, &one, 1, options, replies);
                },
                subject, cancellationToken);
            nuint count;
            var described = Librdkafka.DescribedConfigs(reply.Event, &count)[0];
            ThrowIf(NativeError.Of(Librdkafka.ConfigError(described), Librdkafka.ConfigErrorText(described)), subject);
            return Entries(described);
        }
        finally
        {
            Librdkafka.ConfigResourceDestroy(resource);
        }
    }

    private Reply Send(AdminOperation operation, Request request, string subject, CancellationToken cancellationToken)
    {
        var options = Librdkafka.AdminOptionsNew(client.Pointer, operation);
        var replies = Librdkafka.QueueNew(client.Pointer);
        try
        {
            var milliseconds = (int)timeout.TotalMilliseconds;
            _ = Librdkafka.SetRequestTimeout(options, milliseconds, null, 0);
            if (operation == AdminOperation.CreateTopics)
            {
                _ = Librdkafka.SetOperationTimeout(options, milliseconds, null, 0);
            }

            if (operation is AdminOperation.DescribeCluster or AdminOperation.DescribeTopics)
            {
                _ = NativeError.Take(Librdkafka.IncludeAuthorizedOperations(options, 1));
            }

            request(options, replies);
            return Answer(replies, subject, cancellationToken);
        }
        finally
        {
            Librdkafka.AdminOptionsDestroy(options);
            Librdkafka.QueueDestroy(replies);
        }
    }

    private Reply Answer(Queue* replies, string subject, CancellationToken cancellationToken)
    {
        Event* answer = null;
        NativeError? Wait(int milliseconds) =>
            (answer = Librdkafka.QueuePoll(replies, milliseconds)) is null ? new NativeError(ErrorCode.TimedOut, "no answer in time") : null;

        ThrowIf(client.Repeat(Wait, timeout, cancellationToken), subject);
        var reply = new Reply(answer);
        if (NativeError.Of(Librdkafka.EventError(answer), Librdkafka.EventErrorText(answer)) is { } error)
        {
            reply.Dispose();
            throw client.Errors.Of(error.Code is ErrorCode.TimedOut or ErrorCode.Transport ? client.Explained(error) : error, subject);
        }

        client.ForgetTrouble();
        return reply;
    }

    private void ThrowIf(NativeError? error, string subject)
    {
        if (error is { } failed)
        {
            throw client.Errors.Of(failed, subject);
        }
    }

    private static (TopicDescription, bool) Read(string name, TopicInfo* topic)
    {
        nuint partitionCount, operationCount;
        var partitions = new Span<nint>(Librdkafka.TopicPartitions(topic, &partitionCount), (int)partitionCount);
        var operations = Librdkafka.TopicOperations(topic, &operationCount);
        var replication = int.MaxValue;
        var inSync = int.MaxValue;
        var hasLeaders = true;
        foreach (var address in partitions)
        {
            nuint replicas, synced;
            var partition = (PartitionInfo*)address;
            _ = Librdkafka.PartitionReplicas(partition, &replicas);
            _ = Librdkafka.PartitionInSync(partition, &synced);
            replication = Math.Min(replication, (int)replicas);
            inSync = Math.Min(inSync, (int)synced);
            hasLeaders &= Librdkafka.PartitionLeader(partition) is not null;
        }

        return (new TopicDescription(name, Id(Librdkafka.TopicId(topic)), partitions.Length, replication, inSync, Operations(operations, operationCount)), hasLeaders);
    }

    private static Dictionary<string, string> Entries(ConfigResource* resource)
    {
        nuint count;
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (var address in new Span<nint>(Librdkafka.ConfigEntries(resource, &count), (int)count))
        {
            var entry = (ConfigEntry*)address;
            var value = Librdkafka.EntryValue(entry);
            if (value is not null) // a secret of the broker has none
            {
                entries[Librdkafka.Text(Librdkafka.EntryName(entry))] = Librdkafka.Text(value);
            }
        }

        return entries;
    }

    private static Guid Id(Uuid* id)
    {
        if (id is null)
        {
            return Guid.Empty;
        }

        var high = (ulong)Librdkafka.UuidHigh(id);
        var low = (ulong)Librdkafka.UuidLow(id);
        return new Guid($"{high:x16}{low:x16}");
    }

    private static KafkaOperations? Operations(AclOperation* operations, nuint count)
    {
        if (operations is null)
        {
            return null;
        }

        var allowed = KafkaOperations.None;
        foreach (var operation in new Span<AclOperation>(operations, (int)count))
        {
            allowed |= operation switch
            {
                AclOperation.Read => KafkaOperations.Read,
                AclOperation.Write => KafkaOperations.Write,
                AclOperation.Create => KafkaOperations.Create,
                AclOperation.Delete => KafkaOperations.Delete,
                AclOperation.Alter => KafkaOperations.Alter,
                AclOperation.Describe => KafkaOperations.Describe,
                AclOperation.ClusterAction => KafkaOperations.ClusterAction,
                AclOperation.DescribeConfigs => KafkaOperations.DescribeConfigs,
                AclOperation.AlterConfigs => KafkaOperations.AlterConfigs,
                AclOperation.IdempotentWrite => KafkaOperations.IdempotentWrite,
                _ => KafkaOperations.None,
            };
        }

        return allowed;
    }

    /// <summary>An event with an answer; what was read from it goes with it.</summary>
    private readonly ref struct Reply(Event* answer)
    {
        internal Event* Event { get; } = answer;

        internal void Dispose() => Librdkafka.EventDestroy(Event);
    }
}
