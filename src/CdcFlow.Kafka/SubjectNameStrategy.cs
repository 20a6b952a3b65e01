namespace CdcFlow.Kafka;

/// <summary>How a schema registry's subjects are named, as Confluent's serializers have it.</summary>
public enum SubjectNameStrategy
{
    /// <summary><c>{topic}-key</c> and <c>{topic}-value</c>: one schema with its versions per topic.</summary>
    TopicName,

    /// <summary>The record's full name, as in <c>orders.v1.Value</c>.</summary>
    RecordName,

    /// <summary><c>{topic}-{record's full name}</c>.</summary>
    TopicRecordName,
}
