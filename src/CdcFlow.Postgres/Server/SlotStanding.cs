using System.Globalization;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Server;

/// <summary>How the slot stands, and how far it is behind the server's log. Changes nothing.</summary>
internal static class SlotStanding
{
    /// <summary>Adds what the server says to what the checkpoint says.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="slot">The slot's name.</param>
    /// <param name="known">What the checkpoint says.</param>
    /// <param name="resumeAt">The checkpoint's place; null without one.</param>
    internal static SourceStanding Read(PostgresConnection connection, string slot, SourceStanding known, Lsn? resumeAt)
    {
        var why = connection.ServerVersion >= 17 ? "invalidation_reason" : "NULL";
        var row = connection.Query(
            $"""
            SELECT pg_current_wal_insert_lsn(), slot_name, active_pid, wal_status, restart_lsn, confirmed_flush_lsn,
                   pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn), safe_wal_size, {why}
            FROM (SELECT) one LEFT JOIN pg_replication_slots ON slot_name = {SqlText.Literal(slot)}
            """).Rows[0];
        var head = Lsn.Parse(row[0]!);
        return known with
        {
            Head = head.ToString(),
            LagBytes = resumeAt is { } place ? (long)(head.Value - Math.Min(place.Value, head.Value)) : null,
            RetainedBytes = row[6] is { } retained ? long.Parse(retained, CultureInfo.InvariantCulture) : null,
            Confirmed = row[5],
            IsRead = row[2] is not null,
            Details = [.. Details(slot, row), .. known.Details],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Details(string slot, string?[] row)
    {
        (string Name, string? Value)[] all =
        [
            ("slot", row[1] is null ? $"{slot} (there is none)" : slot), ("active_pid", row[2]), ("wal_status", row[3]), ("restart_lsn", row[4]),
            ("safe_wal_size", row[7]), ("invalidation_reason", row[8]),
        ];
        return all.Where(detail => detail.Value is not null).Select(detail => KeyValuePair.Create(detail.Name, detail.Value!));
    }
}
