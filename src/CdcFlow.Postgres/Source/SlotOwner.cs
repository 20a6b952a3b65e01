using CdcFlow.Checkpoints;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Whose the slot is: the checkpoint store that the comment of the slot's publication names, where a pipeline has made that. A slot itself can bear no name, and a publication
/// of the user's own is never marked, so there the checkpoint alone tells.</summary>
internal static class SlotOwner
{
    /// <summary>Refuses a start that would begin anew on another store's slot, and take its place in the log away. A slot that is left from a start of the same store which did not get to
    /// its first checkpoint is gone on with.</summary>
    /// <param name="plan">How the run is to begin.</param>
    /// <param name="slot">The slot; null: none, so that nobody's place is lost.</param>
    /// <param name="publication">The slot's publication.</param>
    /// <param name="own">The store of this start; null: it has no id yet, so that it owns nothing.</param>
    internal static void Refuse(StartPlan plan, SlotState? slot, PublicationMark? publication, StoreId? own)
    {
        if (plan.State is null && slot is not null && publication?.Store is { } owner && owner != own)
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.SlotOwned,
                $"Slot '{slot.Name}' belongs to checkpoint store {owner}, as the comment of publication '{publication.Name}' says, and this start, {(own is null ? "whose store is new" : $"of store {own}")}, has no checkpoint to go on from: it would take that store's place in the log away. Nothing was changed.",
                "Start with that store (Checkpoint:Store): `checkpoints list` shows a store's id. Or give this start a slot of its own: set Slot to another name. If that store is lost, or this one is to take its place, `takeover` makes this store the owner.");
        }
    }

    /// <summary>Makes a store the owner.</summary>
    /// <returns>Whether another was before.</returns>
    /// <exception cref="CdcFlowException">The role may not say so.</exception>
    internal static bool Take(PostgresConnection connection, PostgresSourceOptions options, StoreId store)
    {
        if (PublicationMark.Read(connection, options.Publication, options.Slot)?.Store is not { } owner || owner == store)
        {
            return false;
        }

        var sql = PublicationMark.Set(options.Publication, options.Slot, store);
        if (connection.Query($"SELECT pg_has_role(pubowner, 'USAGE') FROM pg_publication WHERE pubname = {SqlText.Literal(options.Publication)}").Scalar != "t")
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.SlotOwned,
                $"Slot '{options.Slot}' belongs to checkpoint store {owner}, as the comment of publication '{options.Publication}' says, and the role may not change that.",
                $"Have the publication's owner run: {sql};");
        }

        connection.Query(sql);
        return true;
    }
}
