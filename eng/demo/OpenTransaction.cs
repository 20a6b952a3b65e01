using System.Globalization;

namespace Shop;

/// <summary>A transaction of which the broker has records, and which is neither committed nor aborted.</summary>
public static class OpenTransaction
{
    /// <summary>Whether a partition holds records of one.</summary>
    public static async Task<bool> IsInAsync(IBroker broker, string topic, int partition, CancellationToken cancellationToken)
    {
        const int firstOffsetColumn = 5;
        var producers = await broker.RunToolAsync(
            "org.apache.kafka.tools.TransactionsCommand",
            ["describe-producers", "--topic", topic, "--partition", partition.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        return producers.Skip(1).Select(line => line.Split('\t')).Any(fields => fields.Length > firstOffsetColumn && fields[firstOffsetColumn].Trim() != "None");
    }
}
