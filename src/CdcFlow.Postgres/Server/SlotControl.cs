using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Makes and fixes the slot and the publication.</summary>
internal sealed class SlotControl(
    PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log, TimeProvider time, WaitWatch waits, CancellationToken stopping)
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits a bounded time until nobody streams the slot: the connection of a killed process lingers.</summary>
    /// <exception cref="CdcFlowException">CDCF4045: another connection keeps it.</exception>
    internal SlotState? WaitUntilFree()
    {
        var started = time.GetTimestamp();
        var isTold = false;
        while (true)
        {
            var slot = SlotState.Find(connection, options.Slot);
            if (slot?.ActivePid is not { } pid)
            {
                return slot;
            }

            if (time.GetElapsedTime(started) >= options.SlotWait)
            {
                throw new CdcFlowException(
                    PostgresSourceErrorCodes.SlotActive,
                    $"Slot '{options.Slot}' is in use by server process {pid}, and was for {options.SlotWait.TotalSeconds:0} s.",
                    $"If another instance of this pipeline runs, stop one of them. If none does, end the connection: SELECT pg_terminate_backend({pid});");
            }

            isTold = isTold || WaitWatch.Tell(log, time, started, () =>
                $"The source waits for slot '{options.Slot}', which server process {pid} streams, up to {options.SlotWait.TotalSeconds:0} s (to end that: SELECT pg_terminate_backend({pid});).");
            stopping.WaitHandle.WaitOne(lookAgain);
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Makes the slot. The server waits in this until all transactions in progress have ended.</summary>
    /// <returns>The place from which on it has everything.</returns>
    internal Lsn Make()
    {
        var failover = options.FailoverSlot && connection.ServerVersion >= 17 ? ", false, false, true" : "";
        var result = waits.Watch(connection, $"Making slot '{options.Slot}'", () =>
            connection.Query($"SELECT lsn FROM pg_create_logical_replication_slot({SqlText.Literal(options.Slot)}, 'pgoutput'{failover})"));
        return Lsn.Parse(result.Scalar!);
    }

    internal void Drop() => connection.Query($"SELECT pg_drop_replication_slot({SqlText.Literal(options.Slot)})");

    /// <summary>Makes the publication, or makes it list exactly these tables where it is the pipeline's own.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="store">Whose the slot is from now on; null: that is not told.</param>
    /// <returns>Whether it was made or changed.</returns>
    internal bool Publish(IReadOnlyList<PostgresTable> tables, StoreId? store)
    {
        var mark = PublicationMark.Set(options.Publication, options.Slot, store);
        if (PublicationState.Read(connection, options, tables) is not { } publication)
        {
            waits.Watch(connection, $"Making publication '{options.Publication}'", () => connection.Query($"{PublicationState.Create(options.Publication, tables)}; {mark}"));
            log.Information($"Made publication '{options.Publication}'.");
            return true;
        }

        if (!publication.IsOurs || !publication.IsOwner)
        {
            return false;
        }

        if (!publication.IsMarked || (store is not null && publication.Store != store))
        {
            connection.Query(mark);
            Tell(store, publication);
        }

        if (publication.Fix(options.Publication, tables) is not { } statement)
        {
            return false;
        }

        waits.Watch(connection, $"Changing publication '{options.Publication}'", () => connection.Query(statement));
        log.Information($"Altered publication '{options.Publication}', which this pipeline made: {statement}.");
        return true;
    }

    private void Tell(StoreId? store, PublicationState before)
    {
        if (store is not null && before.IsMarked)
        {
            log.Warning(
                PostgresSourceErrorCodes.SlotAdopted,
                $"Slot '{options.Slot}' belongs to checkpoint store {store} from now on; publication '{options.Publication}', whose comment says so, named {(before.Store is { } other ? $"store {other}" : "none")} before.");
        }
    }
}
