using System.Globalization;
using CdcFlow.TestServers;

namespace Shop;

/// <summary>A transaction of which the broker has records, and which is neither committed nor aborted.</summary>
public static class OpenTransaction
{
    /// <summary>Where the newest one of a partition begins; null when none has records there.</summary>
    public static async Task<long?> NewestAsync(IBroker broker, string topic, int partition, CancellationToken cancellationToken)
    {
        const int firstOffsetColumn = 5;
        var producers = await broker.RunToolAsync(
            "org.apache.kafka.tools.TransactionsCommand",
            ["describe-producers", "--topic", topic, "--partition", partition.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        return producers.Skip(1)
            .Select(line => line.Split('\t'))
            .Where(fields => fields.Length > firstOffsetColumn)
            .Max(fields => long.TryParse(fields[firstOffsetColumn], CultureInfo.InvariantCulture, out var first) ? first : (long?)null);
    }
}
