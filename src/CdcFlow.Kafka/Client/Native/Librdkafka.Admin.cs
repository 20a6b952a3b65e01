using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <content>The administrator's requests: each puts one event with its result on a queue.</content>
internal static unsafe partial class Librdkafka
{
    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_new")]
    internal static partial AdminOptions* AdminOptionsNew(ClientHandle* client, AdminOperation operation);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    internal static partial void AdminOptionsDestroy(AdminOptions* options);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    internal static partial ErrorCode SetRequestTimeout(AdminOptions* options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_set_operation_timeout")]
    internal static partial ErrorCode SetOperationTimeout(AdminOptions* options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_set_include_authorized_operations")]
    internal static partial Error* IncludeAuthorizedOperations(AdminOptions* options, int include);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeCluster")]
    internal static partial void DescribeCluster(ClientHandle* client, AdminOptions* options, Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeCluster_result_cluster_id")]
    internal static partial byte* ClusterId(Event* result);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeCluster_result_nodes")]
    internal static partial Node** ClusterNodes(Event* result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeCluster_result_authorized_operations")]
    internal static partial AclOperation* ClusterOperations(Event* result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_Node_id")]
    internal static partial int NodeId(Node* node);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicCollection_of_topic_names")]
    internal static partial TopicCollection* TopicsOf(byte** names, nuint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicCollection_destroy")]
    internal static partial void TopicsDestroy(TopicCollection* topics);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeTopics")]
    internal static partial void DescribeTopics(ClientHandle* client, TopicCollection* topics, AdminOptions* options, Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeTopics_result_topics")]
    internal static partial TopicInfo** DescribedTopics(Event* result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicDescription_error")]
    internal static partial Error* TopicError(TopicInfo* topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicDescription_topic_id")]
    internal static partial Uuid* TopicId(TopicInfo* topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicDescription_partitions")]
    internal static partial PartitionInfo** TopicPartitions(TopicInfo* topic, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicDescription_authorized_operations")]
    internal static partial AclOperation* TopicOperations(TopicInfo* topic, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicPartitionInfo_leader")]
    internal static partial Node* PartitionLeader(PartitionInfo* partition);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicPartitionInfo_replicas")]
    internal static partial Node** PartitionReplicas(PartitionInfo* partition, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_TopicPartitionInfo_isr")]
    internal static partial Node** PartitionInSync(PartitionInfo* partition, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_Uuid_most_significant_bits")]
    internal static partial long UuidHigh(Uuid* id);

    [LibraryImport(Library, EntryPoint = "rd_kafka_Uuid_least_significant_bits")]
    internal static partial long UuidLow(Uuid* id);

    [LibraryImport(Library, EntryPoint = "rd_kafka_NewTopic_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NewTopicRequest* NewTopicNew(string name, int partitions, int replicationFactor, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_NewTopic_destroy")]
    internal static partial void NewTopicDestroy(NewTopicRequest* topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_NewTopic_set_config", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ErrorCode NewTopicSetConfig(NewTopicRequest* topic, string name, string value);

    [LibraryImport(Library, EntryPoint = "rd_kafka_CreateTopics")]
    internal static partial void CreateTopics(ClientHandle* client, NewTopicRequest** topics, nuint count, AdminOptions* options, Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_CreateTopics_result_topics")]
    internal static partial TopicResult** CreatedTopics(Event* result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_result_error")]
    internal static partial ErrorCode TopicResultError(TopicResult* result);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_result_error_string")]
    internal static partial byte* TopicResultText(TopicResult* result);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigResource_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConfigResource* ConfigResourceNew(ResourceType type, string name);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigResource_destroy")]
    internal static partial void ConfigResourceDestroy(ConfigResource* resource);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeConfigs")]
    internal static partial void DescribeConfigs(ClientHandle* client, ConfigResource** resources, nuint count, AdminOptions* options, Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_DescribeConfigs_result_resources")]
    internal static partial ConfigResource** DescribedConfigs(Event* result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigResource_error")]
    internal static partial ErrorCode ConfigError(ConfigResource* resource);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigResource_error_string")]
    internal static partial byte* ConfigErrorText(ConfigResource* resource);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigResource_configs")]
    internal static partial ConfigEntry** ConfigEntries(ConfigResource* resource, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigEntry_name")]
    internal static partial byte* EntryName(ConfigEntry* entry);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ConfigEntry_value")]
    internal static partial byte* EntryValue(ConfigEntry* entry);
}
