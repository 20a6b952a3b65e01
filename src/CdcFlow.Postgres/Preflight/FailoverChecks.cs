using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>What would become of the pipeline if a standby were promoted now.</summary>
internal static class FailoverChecks
{
    private const string Name = "failover";

    /// <summary>From here on the server itself can keep a slot on its standbys.</summary>
    private const int FailoverSlots = 17;

    /// <summary>Checks it.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="slot">The slot, if it is there.</param>
    /// <param name="options">The options.</param>
    internal static PreflightCheck Run(PostgresConnection connection, SlotState? slot, PostgresSourceOptions options)
    {
        var standbys = Standby.Read(connection);
        if (standbys.Count == 0)
        {
            return new(Name, PreflightStatus.Passed, "No standby follows the server.");
        }

        var names = string.Join(", ", standbys.Select(standby => standby.Name));
        var loss = Loss(standbys, slot);
        if (connection.ServerVersion < FailoverSlots)
        {
            return Warning(
                $"Standby {names} would not have slot '{options.Slot}' after a promotion, unless a cluster manager keeps it there, and every table would be read anew. {loss}",
                $"Have the cluster manager keep slot '{options.Slot}' (plugin pgoutput) on the standbys, or upgrade the server to {FailoverSlots}.");
        }

        if (slot is { IsFailover: false } || (slot is null && !options.FailoverSlot))
        {
            return Warning(
                $"Standby {names} would not have slot '{options.Slot}' after a promotion: it is not a failover slot, and every table would be read anew. {loss}",
                slot is null
                    ? "Set FailoverSlot = true."
                    : $"Stop the pipeline and run, on a connection for replication (psql 'dbname=… replication=database'): ALTER_REPLICATION_SLOT {SqlText.Identifier(slot.Name)} (FAILOVER true);");
        }

        var held = connection.Query("SHOW synchronized_standby_slots").Scalar!;
        return held.Length > 0
            ? new(Name, PreflightStatus.Passed, $"Standby {names} keeps slot '{options.Slot}' (if sync_replication_slots is on there), and changes are held back until {held} has them. {loss}")
            : Warning(
                $"Standby {names} keeps slot '{options.Slot}' (if sync_replication_slots is on there), but may lack changes that the pipeline has read. {loss}",
                $"Hold changes back until the standby has them: ALTER SYSTEM SET synchronized_standby_slots = {SqlText.Literal(Slots(standbys))}; SELECT pg_reload_conf();");
    }

    private static string Slots(IReadOnlyList<Standby> standbys) =>
        string.Join(", ", standbys.Select(standby => standby.Slot ?? $"the physical slot of {standby.Name}"));

    private static string Loss(IReadOnlyList<Standby> standbys, SlotState? slot)
    {
        if (slot is null)
        {
            return "Nothing was read yet.";
        }

        if (standbys.Any(standby => standby.Flushed is null))
        {
            return "How far the standby is, the role may not see (GRANT pg_monitor TO it).";
        }

        var behind = standbys.MinBy(standby => standby.Flushed!.Value.Value)!;
        return behind.Flushed!.Value < slot.Confirmed
            ? $"If {behind.Name} were promoted now, {slot.Confirmed.Value - behind.Flushed.Value.Value} bytes of log that the pipeline has read would not have happened, and its checkpoint would be refused (CDCF4044)."
            : $"If {behind.Name} were promoted now, it would have all that the pipeline has confirmed.";
    }

    private static PreflightCheck Warning(string sentence, string fix) => new(Name, PreflightStatus.Warning, sentence, PostgresWireErrorCodes.Failover, fix);

    /// <summary>A standby that follows the server.</summary>
    private sealed record Standby(string Name, string? Slot, Lsn? Flushed)
    {
        // What others' connections are at is hidden from a role without pg_monitor; slots are not.
        internal static List<Standby> Read(PostgresConnection connection) =>
        [
            .. connection.Query(
                """
                SELECT coalesce(nullif(r.application_name, ''), s.slot_name, 'of process ' || r.pid), s.slot_name, coalesce(r.flush_lsn, s.restart_lsn)
                FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
                WHERE s.slot_type IS DISTINCT FROM 'logical' AND coalesce(r.state, 'streaming') IN ('streaming', 'catchup')
                """).Rows.Select(row => new Standby(row[0]!, row[1], row[2] is { } lsn ? Lsn.Parse(lsn) : null)),
        ];
    }
}
