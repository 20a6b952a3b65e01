using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether the slot is there and usable, or can be made.</summary>
internal static class SlotChecks
{
    /// <summary>Where the source will be the only reader. A slot of another database has a check of its own.</summary>
    internal static IEnumerable<ConnectorPlace> Places(PostgresConnection connection, PostgresSourceOptions options, string name)
    {
        var row = connection.Query("SELECT EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time()), pg_catalog.current_database()").Rows[0];
        return SlotState.Find(connection, options.Slot)?.WhyForeign(row[1]!) is null
            ? [new ConnectorPlace($"postgresql-slot://{row[0]}/{options.Slot}", $"replication slot '{options.Slot}'", name, options.OwnSlot) { IsExclusive = true }]
            : [];
    }

    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, PostgresSourceOptions options)
    {
        var slot = SlotState.Find(connection, options.Slot);
        yield return slot is null ? Room(connection, options.Slot) : Existing(slot, connection.Query("SELECT current_database()").Scalar!, options.OwnSlot);
        if (slot?.ActivePid is null)
        {
            yield return Senders(connection);
        }

        yield return FailoverChecks.Run(connection, slot, options);
    }

    private static PreflightCheck Existing(SlotState slot, string database, string ownSlot)
    {
        const string check = "slot";
        if (slot.WhyForeign(database) is { } reason)
        {
            return new(
                check, PreflightStatus.Failed, $"Slot '{slot.Name}' {reason}.", PostgresSourceErrorCodes.SlotForeign, ownSlot);
        }

        if (slot.IsLost)
        {
            return new(
                check, PreflightStatus.Warning, $"The server has thrown away log that slot '{slot.Name}' needs: a checkpoint made with it cannot go on.",
                PostgresSourceErrorCodes.SlotLost, "Without a checkpoint, or with Startup = Startup.WhenNeeded, the slot is made anew and the tables are read.");
        }

        return slot.ActivePid is { } pid
            ? new(
                check, PreflightStatus.Warning, $"Slot '{slot.Name}' is in use by server process {pid}: an instance of the pipeline runs.",
                PostgresSourceErrorCodes.SlotActive, $"To end a connection that lingers: SELECT pg_terminate_backend({pid});")
            : new(check, PreflightStatus.Passed, $"Slot '{slot.Name}' is at {slot.Confirmed}.");
    }

    private static PreflightCheck Room(PostgresConnection connection, string name)
    {
        var (used, limit) = Count(connection, "SELECT count(*), current_setting('max_replication_slots') FROM pg_replication_slots");
        return used < limit
            ? new("slot", PreflightStatus.Passed, $"Slot '{name}' will be made; {used} of {limit} are in use.")
            : new(
                "slot", PreflightStatus.Failed, $"Slot '{name}' cannot be made: all {limit} slots of the server are in use.", PostgresSourceErrorCodes.NoFreeSlot,
                $"ALTER SYSTEM SET max_replication_slots = {limit + 10}; -- then restart the server; or drop a slot that nobody uses");
    }

    private static PreflightCheck Senders(PostgresConnection connection)
    {
        var (used, limit) = Count(connection, "SELECT count(*), current_setting('max_wal_senders') FROM pg_stat_replication");
        return used < limit
            ? new("wal_senders", PreflightStatus.Passed, $"{used} of {limit} WAL senders are in use.")
            : new(
                "wal_senders", PreflightStatus.Failed, $"All {limit} WAL senders of the server are in use.", PostgresSourceErrorCodes.NoFreeSlot,
                $"ALTER SYSTEM SET max_wal_senders = {limit + 10}; -- then restart the server");
    }

    private static (long Used, long Limit) Count(PostgresConnection connection, string sql)
    {
        var row = connection.Query(sql).Rows[0];
        return (long.Parse(row[0]!, CultureInfo.InvariantCulture), long.Parse(row[1]!, CultureInfo.InvariantCulture));
    }
}
