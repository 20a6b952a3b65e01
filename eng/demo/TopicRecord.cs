using System.Globalization;
using CdcFlow.TestServers;

namespace Shop;

/// <summary>A record as Kafka's console consumer prints it.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place there.</param>
/// <param name="Headers">Its headers, <c>name:value</c> separated by commas.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
public sealed record TopicRecord(int Partition, long Offset, string Headers, string Key, string? Value)
{
    private const int Fields = 5;

    // Newer consumers print this among the records; older ones do not know the new option.
    private const string Deprecation = "Option --property is deprecated";

    private static readonly string[] printed =
        ["--property", "print.partition=true", "--property", "print.offset=true", "--property", "print.headers=true", "--property", "print.key=true"];

    private const int ReadsAtMost = 10;

    // A consumer that hears nothing for this long ends, and cannot say whether that was the end of the topic or a broker that is busy.
    private static readonly TimeSpan silence = TimeSpan.FromSeconds(3);

    /// <summary>A whole topic from its beginning, each partition in its order.</summary>
    /// <exception cref="InvalidOperationException">Readers do not come to its end, as behind a transaction that stays open.</exception>
    public static async Task<IEnumerable<TopicRecord>> ReadAsync(IBroker broker, string topic, bool committedOnly, CancellationToken cancellationToken)
    {
        var isolation = committedOnly ? "read_committed" : "read_uncommitted";
        var group = $"{topic}.{isolation}";
        var lines = Enumerable.Empty<string>();
        for (var read = 0; read < ReadsAtMost; read++)
        {
            // Goes on where the group was.
            lines = lines.Concat(await broker.RunToolAsync(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                [
                    "--topic", topic, "--group", group, "--from-beginning", "--isolation-level", isolation,
                    "--timeout-ms", silence.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), .. printed,
                ],
                cancellationToken));
            if (await IsAtEndAsync(broker, topic, group, cancellationToken))
            {
                return lines.Where(line => !line.StartsWith(Deprecation, StringComparison.Ordinal)).Select(Parse);
            }
        }

        throw new InvalidOperationException($"Kafka's console consumer ({isolation}) does not come to the end of topic {topic}.");
    }

    private static async Task<bool> IsAtEndAsync(IBroker broker, string topic, string group, CancellationToken cancellationToken)
    {
        const int topicColumn = 1, lagColumn = 5;
        var table = await broker.RunToolAsync("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", ["--describe", "--group", group], cancellationToken);
        var lags = table.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > lagColumn && fields[topicColumn] == topic)
            .Select(fields => fields[lagColumn])
            .ToList();
        return lags.Count > 0 && lags.All(lag => lag == "0");
    }

    // JSON has no tab in it. The console consumer prints a value that is not there as "null".
    private static TopicRecord Parse(string line)
    {
        var fields = line.Split('\t', Fields);
        return fields.Length == Fields && fields[0].StartsWith("Partition:", StringComparison.Ordinal)
            ? new TopicRecord(
                int.Parse(fields[0].AsSpan("Partition:".Length), CultureInfo.InvariantCulture), long.Parse(fields[1].AsSpan("Offset:".Length), CultureInfo.InvariantCulture),
                fields[2], fields[3], fields[4] == "null" ? null : fields[4])
            : throw new InvalidOperationException($"Kafka's console consumer printed: {line}");
    }
}
