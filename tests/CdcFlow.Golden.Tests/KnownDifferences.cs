using System.Text.RegularExpressions;

namespace CdcFlow.Golden.Tests;

/// <summary>A difference from the golden records that is meant.</summary>
/// <param name="Path">Where, as a pattern of the whole path.</param>
/// <param name="Golden">The golden tokens; null for a member that is not there.</param>
/// <param name="Ours">Our token for each.</param>
/// <param name="Why">Why ours is the one to have.</param>
internal sealed record KnownDifference(string Path, string?[] Golden, string?[] Ours, string Why)
{
    /// <summary>The files it is about.</summary>
    internal string Files { get; init; } = "";

    /// <summary>Whether it is about the snapshot's records only, or the log's only.</summary>
    internal bool? IsSnapshot { get; init; }

    internal bool Explains(string file, GoldenRecord record, Difference difference) =>
        file.Contains(Files, StringComparison.Ordinal) && (IsSnapshot ?? record.IsSnapshot) == record.IsSnapshot
        && Regex.IsMatch($"{record.Table}: {difference.Path}", $"^{Path}$")
        && Golden.Zip(Ours).Any(pair => Fits(pair.First, difference.Golden) && Fits(pair.Second, difference.Ours));

    // "*" is any token.
    private static bool Fits(string? wanted, string? token) => wanted == token || (wanted == "*" && token is not null);
}

/// <summary>Every difference from the golden records, column by column.</summary>
internal static class KnownDifferences
{
    private static readonly KnownDifference[] all =
    [
        // What Debezium knows and a source of chunks does not.
        new(".*: value(.payload)?.source.snapshot", ["\"first\"", "\"last\"", "\"first_in_data_collection\"", "\"last_in_data_collection\""], ["\"true\"", "\"true\"", "\"true\"", "\"true\""],
            "Several readers read chunks: none knows that it reads the first or the last row.") { IsSnapshot = true },
        new(".*: value(.payload)?.source.txId", ["*"], ["null"], "A row read by a snapshot was written by any transaction; the one that read it has no id.") { IsSnapshot = true },

        // Where Debezium contradicts itself: ours is the same both times.
        new("types: value(.payload)?.after.c_name", ["null"], ["\"nm\""], "The log has the value.") { IsSnapshot = false },
        new("types: value(.payload)?.after.c_ts", ["-62135769600000000", "\"0000-12-30T00:00:00Z\""], ["-62135596800000000", "\"0001-01-01T00:00:00Z\""],
            "The snapshot counts days before 1582 in the Julian calendar.") { IsSnapshot = true },
        new("types: value(.payload)?.after.c_date", ["-622191234", "-2147472692"], ["2147483647", "2147483647"], "An infinite date, in days: the server's own number."),
        new("types: value.after.c_date", ["\"+292278994-08-16Z\"", "\"-5877611-06-21Z\""], ["\"infinity\"", "\"infinity\""], "An infinite date, as text: the server's own name.") { Files = "precise" },
        new("types: value.after.c_time", ["86399999000", "0"], ["86399999999", "86400000000"], "Debezium 1.9 cuts a snapshot's times to milliseconds, and 24:00:00 to nothing.") { Files = "flink", IsSnapshot = true },
        new("types: value.after.c_timetz", ["\"21:59:59Z\""], ["\"21:59:59.999999Z\""], "The same.") { Files = "flink", IsSnapshot = true },

        // Where Debezium writes another value than the column has, both times.
        new("types: value(.payload)?.after.c_interval", ["9223372036854775807"], ["null"], "Microseconds do not hold it: ours is refused, and left out here so that the row can be compared."),
        new("types: value.after.c_time", ["\"00:00:00Z\""], ["\"24:00:00Z\""], "24:00:00 is not 00:00:00.") { Files = "precise" },
        new("types: value.after.c_num", ["\"NAN\""], ["\"NaN\""], "The server's own spelling.") { Files = "precise" },
        new("pk_composite: value(.payload)?.(before|after).v", ["\"d\""], ["null"], "NULL, or not known: the converter writes the column's default instead."),

        // What a compiled row type says, and a table's description would say otherwise.
        new("types: value.(before|after).c_tsvector", [null], ["*"], "Debezium 1.9 leaves the type out.") { Files = "flink" },
        new("types: value(.payload)?.before.c_generated", [null], ["null"], "The log has no generated columns; of a deleted row only the key is known.") { IsSnapshot = false },
        new("types: value.schema.fields.(before|after).fields.c_generated", [null], ["*"], "The log has no generated columns; the row type has one.") { IsSnapshot = false },
        new("full_identity: value(.payload)?.(before|after).(n|extra)", ["*"], [null], "The row type has not these columns."),
        new("full_identity: value.schema.fields.(before|after).fields.(n|extra)", ["*"], [null], "The same."),
        new(".*: value.schema.fields.(before|after).fields.*.default", ["*"], [null], "A row type does not know the table's defaults."),
    ];

    internal static KnownDifference? Explain(string file, GoldenRecord record, Difference difference) =>
        all.FirstOrDefault(known => known.Explains(file, record, difference));

    internal static IEnumerable<KnownDifference> Unused(IEnumerable<KnownDifference> used) => all.Except(used);
}
