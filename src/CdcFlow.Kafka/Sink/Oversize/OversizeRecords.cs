using System.Diagnostics.Metrics;
using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka.Sink.Oversize;

/// <summary>What was done so that a record fits its topic.</summary>
internal enum Fitting
{
    /// <summary>Nothing: it fits.</summary>
    Whole,

    /// <summary>Texts of its row were cut.</summary>
    Cut,

    /// <summary>Its value was left in the claim store.</summary>
    Claimed,

    /// <summary>Nothing helps.</summary>
    TooLarge,
}

/// <summary>Makes records that are too large for their topic fit, as their sink allows: by cutting texts, else by leaving the value in the claim store.</summary>
/// <param name="options">The sink's settings.</param>
/// <param name="cutter">Cuts; null where no column may be cut.</param>
/// <param name="log">Is told of each table whose rows are cut.</param>
internal sealed class OversizeRecords<T>(KafkaSinkOptions options, RowCutter<T>? cutter, IConnectorLog? log) : IDisposable
    where T : class
{
    private const string Claim = "cdc-claim";
    private const string ClaimSize = "cdc-claim-bytes";
    private const int ClaimBytes = 128; // what these headers add at most

    private readonly HashSet<TableId> cutTables = [];
    private readonly KeyValuePair<string, object?>[] tags = [new("pipeline", options.Records.Pipeline), new("sink", options.Name)];

    /// <summary>Makes a record fit.</summary>
    public Fitting Fit(ChangeRecord<T> record, in Change<T> change, BoundTopic topic) =>
        record.Size <= topic.Limit.Bytes ? Fitting.Whole
        : cutter?.TryFit(record, change, topic.Limit.Bytes) == true ? Fitting.Cut
        : LeaveValue(record, topic) ? Fitting.Claimed
        : Fitting.TooLarge;

    /// <summary>Counts a record that was sent.</summary>
    public void Count(Fitting fitting, TableId table)
    {
        switch (fitting)
        {
            case Fitting.Claimed:
                OversizeMetrics.Claims.Add(1, tags);
                break;
            case Fitting.Cut:
                OversizeMetrics.Truncations.Add(1, tags);
                if (cutTables.Add(table))
                {
                    log?.Warning(KafkaSinkErrors.ValuesCut, KafkaSinkErrors.CutOf(options.Name, table));
                }

                break;
        }
    }

    public void Dispose() => cutter?.Dispose();

    /// <summary>Puts a value into the claim store, and its name in its place.</summary>
    private bool LeaveValue(ChangeRecord<T> record, BoundTopic topic)
    {
        if (options.ClaimCheck is not { } store || record.Size - record.Value.Length + ClaimBytes > topic.Limit.Bytes)
        {
            return false;
        }

        record.Headers.Add(ClaimSize, record.Value.Length.ToString(CultureInfo.InvariantCulture));
        record.Headers.Add(Claim, store.Put(record.Value));
        record.DropValue();
        return true;
    }
}

/// <summary>How often records did not fit, on the meter that all of a pipeline's numbers are on.</summary>
internal static class OversizeMetrics
{
    private static readonly Meter meter = new("CdcFlow");

    public static readonly Counter<long> Claims = meter.CreateCounter<long>("cdcflow.sink.claims", "{record}", "Records whose value was left in the claim folder.");

    public static readonly Counter<long> Truncations = meter.CreateCounter<long>("cdcflow.sink.truncations", "{record}", "Records of rows whose texts were cut.");
}
