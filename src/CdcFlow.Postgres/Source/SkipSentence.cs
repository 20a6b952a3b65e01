using System.Globalization;

namespace CdcFlow.Postgres.Source;

/// <summary>Tells people what is left out of the log, and what to do to have it after all. Pure.</summary>
internal static class SkipSentence
{
    /// <param name="before">The checkpoint's state.</param>
    /// <param name="after">The state that goes on from the place.</param>
    /// <param name="rows">What lies between.</param>
    /// <param name="tables">The tables that the pipeline reads.</param>
    internal static string Of(PostgresSourceState before, PostgresSourceState after, SkippedRows rows, IReadOnlyList<TableId> tables) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Everything that was committed from {before.ResumeAt} up to {after.ResumeAt} ({after.ResumeAt.Value - before.ResumeAt.Value:N0} bytes of log) is left out, of every table. ")
        + (before.Begun is { } begun ? $"Of the transaction that committed at {begun.CommitLsn} a part was delivered; the rest of it is left out. " : "")
        + Contents(rows)
        + (rows is { Unknown: null, Tables.Count: 0 } ? "" : Repair(rows.Unknown is null ? rows.Tables.Select(table => table.Key) : tables));

    private static string Contents(SkippedRows rows)
    {
        var sum = rows.Tables.Sum(table => table.Value);
        var counted = $"{sum} row event{(sum == 1 ? "" : "s")} ({string.Join(", ", rows.Tables.Select(table => $"{table.Value} of {table.Key}"))})";
        return (sum, rows.Unknown) switch
        {
            (0, { } why) => $"How many row events that is, and of which tables, cannot be told: {why} ",
            (_, { } why) => $"That is at least {counted}. {why} ",
            (0, null) => "It has no row event of the tables that are read, so nothing will be missing downstream.",
            _ => $"That is {counted}. ",
        };
    }

    private static string Repair(IEnumerable<TableId> tables) =>
        "Downstream, rows that were inserted there are missing, and those that were updated or deleted stay as they were before, until their tables are read anew: "
        + $"`run --resnapshot {string.Join(' ', tables.Select(table => Pasted.Word(table.ToString())))}`.";
}
