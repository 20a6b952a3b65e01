using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>Runs the commands of Kafka's own tools that stand in messages, at a broker.</summary>
internal static class Command
{
    private static readonly (string Script, string Class)[] tools =
    [
        ("kafka-topics.sh ", "org.apache.kafka.tools.TopicCommand"), ("kafka-configs.sh ", "kafka.admin.ConfigCommand"), ("kafka-acls.sh ", "org.apache.kafka.tools.AclCommand"),
    ];

    /// <summary>Runs the first command of a message: it ends with the sentence, or before what is said in its place.</summary>
    public static Task RunAsync(this KafkaServer server, string message)
    {
        var (start, tool) = tools.Select(tool => (Start: message.IndexOf(tool.Script, StringComparison.Ordinal), tool)).Where(found => found.Start >= 0).MinBy(found => found.Start);
        var command = message[(start + tool.Script.Length)..].Split(';', ',', ')')[0].TrimEnd('.');
        return server.RunToolAsync(tool.Class, command.Split(' '), TestContext.Current.CancellationToken);
    }
}
