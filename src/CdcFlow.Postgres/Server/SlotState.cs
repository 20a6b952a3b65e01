using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>A replication slot as the server has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Plugin">Its output plugin; null for a physical slot.</param>
/// <param name="Database">Its database.</param>
/// <param name="ActivePid">The server process that streams it; null: none.</param>
/// <param name="IsLost">Whether the server has thrown away log that it needs, or invalidated it.</param>
/// <param name="Confirmed">What was confirmed: transactions that committed before are not sent any more.</param>
/// <param name="IsTwoPhase">Whether it sends prepared transactions.</param>
internal sealed record SlotState(string Name, string? Plugin, string? Database, int? ActivePid, bool IsLost, Lsn Confirmed, bool IsTwoPhase)
{
    /// <summary>Whether standbys get it, so that it is there after a promotion; server 17 and later.</summary>
    internal bool IsFailover { get; init; }

    /// <summary>Why this source cannot read it, or null.</summary>
    internal string? WhyForeign(string database) =>
        Plugin != "pgoutput" ? $"uses {Plugin ?? "no output plugin (it is physical)"}, not pgoutput"
        : Database != database ? $"belongs to database {Database}, not {database}"
        : IsTwoPhase ? "was made with TWO_PHASE"
        : null;

    /// <summary>The slot, or null when there is none of that name.</summary>
    internal static SlotState? Find(PostgresConnection connection, string name)
    {
        var twoPhase = connection.ServerVersion >= 14 ? "two_phase" : "false";
        var failover = connection.ServerVersion >= 17 ? "failover" : "false";
        var result = connection.Query(
            $"""
            SELECT plugin, database, active_pid, coalesce(wal_status = 'lost', false), confirmed_flush_lsn, {twoPhase}, {failover}
            FROM pg_replication_slots WHERE slot_name = {SqlText.Literal(name)}
            """);
        return result.Rows is [var row]
            ? new SlotState(
                name, row[0], row[1], row[2] is { } pid ? int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture) : null,
                row[3] == "t", row[4] is { } lsn ? Lsn.Parse(lsn) : default, row[5] == "t")
            {
                IsFailover = row[6] == "t",
            }
            : null;
    }
}
