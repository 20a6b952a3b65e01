using System.Globalization;

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

    // Longer than a busy machine takes to start the consumer and to give it its partitions.
    private static readonly TimeSpan endOfTopic = TimeSpan.FromSeconds(15);

    /// <summary>A topic from its beginning, each partition in its order.</summary>
    public static async Task<IEnumerable<TopicRecord>> ReadAsync(IBroker broker, string topic, bool committedOnly, CancellationToken cancellationToken)
    {
        var lines = await broker.ConsumeAsync(
            [
                "--topic", topic, "--from-beginning", "--isolation-level", committedOnly ? "read_committed" : "read_uncommitted",
                "--timeout-ms", endOfTopic.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), .. printed,
            ],
            cancellationToken);
        return lines.Where(line => !line.StartsWith(Deprecation, StringComparison.Ordinal)).Select(Parse);
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
