using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>The timelines that a server's log ran through before its present one, and where it left each: a promotion begins a new one.</summary>
/// <param name="ForkPoints">Timeline to the place where the next one begins.</param>
internal sealed record TimelineHistory(IReadOnlyDictionary<uint, Lsn> ForkPoints)
{
    /// <summary>Of a server that was never promoted, or whose history does not matter.</summary>
    internal static TimelineHistory None { get; } = new(new Dictionary<uint, Lsn>());

    /// <summary>Asks the server.</summary>
    /// <param name="replication">A connection for replication.</param>
    /// <param name="timeline">Its present timeline.</param>
    internal static TimelineHistory Read(PostgresConnection replication, uint timeline) =>
        timeline == 1 ? None : Parse(replication.Query($"TIMELINE_HISTORY {timeline}").Rows[0][1]!); // the first timeline has no file

    /// <summary>Reads a history file: a line for each former timeline, of its number, the place and a reason.</summary>
    internal static TimelineHistory Parse(string file)
    {
        var forks = new Dictionary<uint, Lsn>();
        foreach (var line in file.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || !uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var timeline))
            {
                throw new PostgresProtocolException($"'{line}' is no line of a timeline history.");
            }

            forks[timeline] = Lsn.Parse(fields[1]);
        }

        return new TimelineHistory(forks);
    }
}
