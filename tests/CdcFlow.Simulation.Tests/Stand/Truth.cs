using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>What sinks must show for a state of the source: computed from the database alone, by another way than the pipeline's.</summary>
internal sealed class Truth(Scenario scenario, InMemoryDatabase database)
{
    /// <summary>The rows of a sink once everything was delivered.</summary>
    public Dictionary<object, Item> AtTheEnd(string sink) => Through(sink, database.Rows<Item>(item => item.Id).Values);

    /// <summary>The rows of a sink that has exactly what the source had handed over at a state.</summary>
    public Dictionary<object, Item> At(InMemorySourceState state, string sink)
    {
        var rows = database.Fold<Item>(item => item.Id, state.LastWhole);
        if (!state.IsWhole)
        {
            ApplyPart(rows, database.Read(state.Last.Transaction)!, state.Last);
        }

        return Through(sink, rows.Values.Where(item => !IsUnread(item, state)));
    }

    private static void ApplyPart(Dictionary<object, Item> rows, LoggedTransaction transaction, SourceOffset last)
    {
        for (var index = 0; index <= last.Event; index++)
        {
            var logged = transaction.Events[index];
            if (logged.Operation == Operation.Truncate)
            {
                rows.Clear();
            }

            if (logged.Before is Item before)
            {
                rows.Remove(before.Id);
            }

            // The last event may have been handed over in part: the delete of a moved key without its insert.
            var isMoved = logged is { Before: Item from, After: Item to } && from.Id != to.Id;
            if (logged.After is Item after && !(index == last.Event && isMoved && last.Row == 0))
            {
                rows[after.Id] = after;
            }
        }
    }

    private bool IsUnread(Item item, InMemorySourceState state)
    {
        var read = state.RowsRead["items"];
        var place = scenario.Initial.ToList().FindIndex(row => row.Id == item.Id);
        return read != InMemorySourceState.Complete && place >= read;
    }

    private Dictionary<object, Item> Through(string sink, IEnumerable<Item> items) =>
        items.SelectMany(scenario.Sinks[sink]).ToDictionary(item => (object)item.Id);
}
