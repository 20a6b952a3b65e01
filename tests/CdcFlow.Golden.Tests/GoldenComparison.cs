using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;

namespace CdcFlow.Golden.Tests;

/// <summary>Compares our records of the golden changes with a golden file, member by member and in order.</summary>
internal static class GoldenComparison
{
    internal static readonly RecordOptions Defaults = new() { ServerName = "srv", Debezium = new DebeziumOptions { TransactionMetadata = true, NotFinite = NotFiniteMode.Null } };

    internal static readonly RecordOptions Schemas = Defaults with { Debezium = new DebeziumOptions { Schemas = true, NotFinite = NotFiniteMode.Null } };

    internal static readonly RecordOptions Precise = Defaults with
    {
        Debezium = new DebeziumOptions { Decimals = DecimalMode.String, Intervals = IntervalMode.String, Binaries = BinaryMode.Base64, Times = TemporalMode.IsoString },
    };

    internal static readonly RecordOptions FlinkCdc = Defaults with { Debezium = new DebeziumOptions { Shape = DebeziumShape.Debezium19, NotFinite = NotFiniteMode.Null } };

    /// <summary>Fails on every difference that <see cref="KnownDifferences"/> does not explain.</summary>
    /// <returns>The explanations that were needed, and how often.</returns>
    internal static IReadOnlyDictionary<KnownDifference, int> AssertSame(string file, RecordOptions options, GoldenChanges changes)
    {
        var golden = GoldenRecord.Load(file);
        var ours = GoldenPipeline.Encode(changes, options);

        var used = new Dictionary<KnownDifference, int>();
        var unexplained = new List<string>();
        foreach (var table in golden.Select(record => record.Table).Distinct())
        {
            foreach (var (theirs, mine) in Pairs(Ordered(golden, table), Ordered(ours, table)))
            {
                foreach (var difference in Differences(theirs, mine))
                {
                    if (KnownDifferences.Explain(file, theirs, difference) is { } known)
                    {
                        used[known] = used.GetValueOrDefault(known) + 1;
                    }
                    else
                    {
                        unexplained.Add($"{table} {theirs.Operation} {theirs.Row.EnumerateObject().First().Value}: {difference}");
                    }
                }
            }
        }

        Assert.True(unexplained.Count == 0, string.Join("\n", unexplained));
        return used;
    }

    /// <summary>Fails where the log's records tell their places otherwise than the golden ones: which lie together and which follow, in the log and by transaction.</summary>
    internal static void AssertSamePlaces(string file, RecordOptions options, GoldenChanges changes)
    {
        var (golden, ours) = (GoldenRecord.Load(file), GoldenPipeline.Encode(changes, options));
        foreach (var table in golden.Select(record => record.Table).Distinct())
        {
            List<LogPlace> Places(IReadOnlyList<GoldenRecord> records) => [.. Ordered(records, table).Where(record => !record.IsSnapshot).Select(record => LogPlace.Of(record.Envelope))];
            var (theirs, mine) = (Places(golden), Places(ours));
            // A transaction of the server's own may come before ours, so the first need not know of none.
            Assert.All(theirs.Zip(mine), pair => Assert.True(pair.Second.PrecedingCommit is not null || pair.First.PrecedingCommit is null));
            Assert.All(mine, place => Assert.InRange(place.PrecedingCommit ?? 0, 0, place.Lsn));
            Assert.Equal(theirs.Zip(theirs.Skip(1), LogPlace.Compare), mine.Zip(mine.Skip(1), LogPlace.Compare));
        }
    }

    // Flink CDC's file has no keys.
    private static IEnumerable<Difference> Differences(GoldenRecord theirs, GoldenRecord mine) =>
    [
        .. theirs.Key is { } key ? Difference.Between("key", key, mine.Key!.Value) : [],
        .. Difference.Between("value", theirs.Value, mine.Value),
    ];

    private static IEnumerable<(GoldenRecord, GoldenRecord)> Pairs(List<GoldenRecord> theirs, List<GoldenRecord> mine)
    {
        Assert.Equal(theirs.Select(record => record.Operation), mine.Select(record => record.Operation));
        return theirs.Zip(mine);
    }

    /// <summary>A table's records: the snapshot's by what they show first (their order is free), then the log's. Truncates are not in the golden files.</summary>
    private static List<GoldenRecord> Ordered(IReadOnlyList<GoldenRecord> records, string table)
    {
        var own = records.Where(record => record.Table == table && record.Operation != "t").ToList();
        return [.. own.Where(record => record.IsSnapshot).OrderBy(record => record.Row.GetRawText(), StringComparer.Ordinal), .. own.Where(record => !record.IsSnapshot)];
    }
}
