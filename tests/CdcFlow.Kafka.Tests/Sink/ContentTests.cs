using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>Which settings decide what is in the topic: a pipeline that starts with others is told that what was written before is out of date.</summary>
public sealed class ContentTests
{
    private static readonly string[] howItWorks =
    [
        "Name", "When", "Shared", "OnError", "AutoRegisterSchemas", "SubjectNameStrategy", "DeadLetterTopic", "ClaimCheck", "DeadLettersMax", "CreateTopic", "Partitions", "ReplicationFactor", "TopicConfig",
        "AllowTopicChange", "MarkerTopic", "CreateMarkerTopic", "TransactionalId", "TransactionTimeoutSeconds", "Compression", "RecordBytesMax",
    ];

    [Fact]
    public void Each_setting_decides_it_or_only_how_the_sink_works() => Assert.Equal(
        typeof(KafkaSinkAttribute).GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name).Order(StringComparer.Ordinal),
        Content(ConnectorSettings.None).Keys.Concat(howItWorks).Intersect(typeof(KafkaSinkAttribute).GetProperties().Select(property => property.Name)).Order(StringComparer.Ordinal));

    [Fact]
    public void Is_what_is_in_force()
    {
        var settings = new ConnectorSettings("", property => property == "Topic" ? "elsewhere" : null, []);
        Assert.Equal("elsewhere", Content(settings)["Topic"]);
        Assert.Equal("Json", Content(settings)["Format"]);
    }

    private static IReadOnlyDictionary<string, string> Content(ConnectorSettings settings) =>
        KafkaSinkOptions.Resolve(new KafkaSinkAttribute("bus") { Topic = "orders", Format = RecordFormat.Json }, "orders", Conformance.KafkaSinkTarget.Context(), settings).Content;
}
