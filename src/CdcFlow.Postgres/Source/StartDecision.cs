using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>How a run begins.</summary>
/// <param name="MakesSlot">Whether the slot must be made.</param>
/// <param name="DropsSlot">Whether one that is there must be dropped before.</param>
/// <param name="State">The state to go on from; null: begin.</param>
/// <param name="Snapshots">Whether tables without progress are snapshotted.</param>
/// <param name="StartsOver">Whether downstream has rows of an earlier life, so that tables must be emptied there first.</param>
internal sealed record StartPlan(bool MakesSlot, bool DropsSlot, PostgresSourceState? State, bool Snapshots, bool StartsOver);

/// <summary>Decides from where to start. Pure: what is known in, a plan or a coded error out.</summary>
internal static class StartDecision
{
    /// <exception cref="CdcFlowException">The checkpoint and the server do not fit together.</exception>
    /// <param name="state">The checkpoint's; null: a first start.</param>
    /// <param name="startup">Where to begin without one.</param>
    /// <param name="readsAnew">Whether tables are read anew where the log since the checkpoint is gone.</param>
    /// <param name="slot">The slot; null: none.</param>
    /// <param name="slotName">Its name.</param>
    /// <param name="server">The server.</param>
    /// <param name="publication">The publication, before anything is altered; null: none.</param>
    /// <param name="source">The connection's name.</param>
    internal static StartPlan Decide(
        PostgresSourceState? state, Startup startup, bool readsAnew, SlotState? slot, string slotName, ServerState server, PublicationMark? publication, string source)
    {
        if (slot is not null)
        {
            RefuseForeign(slot, server);
        }

        if (state is null)
        {
            return First(startup, slot, slotName);
        }

        if (Gap(state, slot, slotName, server, publication, source) is not { } gap)
        {
            return new StartPlan(MakesSlot: false, DropsSlot: false, state, Snapshots: startup is not (Startup.Latest or Startup.Committed), StartsOver: false);
        }

        return readsAnew
            ? new StartPlan(MakesSlot: true, DropsSlot: slot is not null, null, Snapshots: true, StartsOver: true)
            : throw gap;
    }

    /// <summary>Why changes between the state and the slot are gone, or null.</summary>
    internal static CdcFlowException? Gap(PostgresSourceState state, SlotState? slot, string slotName, ServerState server, PublicationMark? publication, string source)
    {
        const string fix = TableGap.Fix;
        // A slot stays with its database when that is renamed, and one that was made in another begins at a later place.
        if (state.Identity.SystemIdentifier != server.SystemIdentifier || (state.Identity.Database != server.Database && slot is null))
        {
            return Lost(
                PostgresSourceErrorCodes.OtherServer,
                $"The checkpoint was made with server {state.Identity.SystemIdentifier}, database {state.Identity.Database}; "
                + $"the connection leads to server {server.SystemIdentifier}, database {server.Database}.",
                "Point the connection string at the old server. " + fix);
        }

        if (WhyNotOfHistory(state, server) is { } reason)
        {
            return Lost(
                PostgresSourceErrorCodes.OtherTimeline,
                $"The checkpoint is at {state.ReadUpTo} on timeline {state.Identity.Timeline}; {reason}: a standby was promoted or a backup restored, "
                + "and what was read may not have happened here.", fix);
        }

        if (slot is null)
        {
            return NoSlot(state.Identity.Slot, slotName);
        }

        if (slot.IsLost)
        {
            return Lost(
                PostgresSourceErrorCodes.SlotLost,
                $"The server has thrown away log that slot '{slot.Name}' still needs (max_slot_wal_keep_size or idle_replication_slot_timeout).", fix);
        }

        // A slot that was dropped and made again begins at a later place, so this finds it as well.
        if (slot.Confirmed > state.ResumeAt)
        {
            return Lost(
                PostgresSourceErrorCodes.SlotAhead,
                $"Slot '{slot.Name}' is at {slot.Confirmed}, the checkpoint at {state.ResumeAt}: the slot was made anew or moved by someone else, "
                + $"and {slot.Confirmed.Value - state.ResumeAt.Value} bytes of log between are gone.",
                $"{fix} Or leave out what is gone, keep what is downstream, and say yourself which tables are read anew: `skip --to {source}={slot.Confirmed}`.");
        }

        return WhyUnpublished(state, publication) is { } why ? Lost(PostgresSourceErrorCodes.PublicationGap, why, fix) : null;
    }

    private static CdcFlowException NoSlot(string known, string wanted) => known == wanted
        ? Lost(
            PostgresSourceErrorCodes.SlotMissing,
            $"Replication slot '{known}', which holds the log since the checkpoint, does not exist any more.", TableGap.Fix)
        : Lost(
            PostgresSourceErrorCodes.SlotMissing,
            $"Replication slot '{wanted}' does not exist; the checkpoint was made with slot '{known}', which alone holds the log since.",
            $"To go on where the pipeline was, set Slot = \"{known}\" again. {TableGap.Fix} "
            + $"Slot '{known}' then keeps log that fills the server's disk, until you drop it (if nobody else reads it): SELECT pg_drop_replication_slot({SqlText.Literal(known)});");

    // The server reads a transaction of the log by the publication of its time: while there was none, it cannot.
    private static string? WhyUnpublished(PostgresSourceState state, PublicationMark? publication) => state.Publication is not { } known || publication?.Oid == known.Oid
        ? null
        : $"Publication '{known.Name}', which published the tables to this pipeline, "
            + (publication is null ? "does not exist any more" : publication.Name == known.Name ? "was dropped and made again" : $"was exchanged for '{publication.Name}'")
            + "; what it did not publish meanwhile is not in the log";

    // The log up to the fork is common to both timelines; what lies beyond it on the old one is not in the new one, though that may be as long by now.
    private static string? WhyNotOfHistory(PostgresSourceState state, ServerState server)
    {
        if (state.Identity.Timeline == server.Timeline)
        {
            return server.End < state.ReadUpTo ? $"the server's log ends at {server.End}" : null;
        }

        return !server.History.ForkPoints.TryGetValue(state.Identity.Timeline, out var fork)
            ? $"the server is on timeline {server.Timeline}, which does not come from there"
            : state.ReadUpTo > fork ? $"the server is on timeline {server.Timeline}, which left that one before, at {fork}" : null;
    }

    private static StartPlan First(Startup startup, SlotState? slot, string slotName)
    {
        var isUsable = slot is { IsLost: false };
        return startup switch
        {
            // A slot without a checkpoint is left from a start that did not get to its first one.
            Startup.Initial or Startup.WhenNeeded or Startup.SnapshotOnly =>
                new StartPlan(!isUsable, slot is not null && !isUsable, null, Snapshots: true, StartsOver: false),
            Startup.Latest => new StartPlan(!isUsable, slot is not null && !isUsable, null, Snapshots: false, StartsOver: false),
            Startup.Committed when isUsable => new StartPlan(false, false, null, Snapshots: false, StartsOver: false),
            Startup.Committed => throw Error(
                slot is null ? PostgresSourceErrorCodes.SlotMissing : PostgresSourceErrorCodes.SlotLost,
                $"Startup.Committed goes on from slot '{slotName}', which {(slot is null ? "does not exist" : "has lost log that it needs")}.",
                "Name an existing slot (Slot = \"…\"), or use another startup mode."),
            _ => throw Error(
                PostgresSourceErrorCodes.Startup,
                $"The PostgreSQL source has no startup mode {startup}: the server keeps no log but its slots'.",
                "Use Initial, Latest, SnapshotOnly, Committed or WhenNeeded."),
        };
    }

    private static void RefuseForeign(SlotState slot, ServerState server)
    {
        if (slot.WhyForeign(server.Database) is { } reason)
        {
            throw Error(
                PostgresSourceErrorCodes.SlotForeign, $"Slot '{slot.Name}' {reason}.", "Give this source a slot of its own: set Slot to another name.");
        }
    }

    private static CdcFlowException Error(string code, string happened, string fix) => new(code, happened, fix);

    private static CdcFlowException Lost(string code, string happened, string fix) => new(code, happened, fix) { IsPositionLost = true };
}
