using CdcFlow.Simulation.Tests.Pipelines;
using static CdcFlow.Simulation.Tests.Stand.ScriptStep;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>What happens: changes while the snapshot runs, key updates, new columns, large transactions, checkpoints, a stop and one more start.</summary>
internal static class Scripts
{
    private static readonly ScriptStep checkpoint = new Checkpoint();
    private static readonly ScriptStep drain = new Drain();
    private static readonly ScriptStep stop = new Stop();

    public static IReadOnlyList<ScriptStep> Small { get; } =
    [
        new Commit(tx => tx.Update(Old(2), new Item(2, "a", 1)).Insert(new Item(4, "b"))),

        // The checkpoint stands inside the snapshot, after two of three rows.
        new Reach(new SourceOffset(1, 1, 0)),
        checkpoint,
        new Commit(tx => tx.Delete(Old(1)).Update(new Item(4, "b"), new Item(9, "b")).Insert(new Item(5, "c")).Insert(new Item(6, "d")).Insert(new Item(7, "e"))),

        // Rounds of two cut this transaction between the delete and the insert that moving a key is; the checkpoint stands there.
        new Reach(new SourceOffset(2, 1, 0)),
        checkpoint,
        new Commit(tx => tx.Ddl<Item>("id bigint", "text text").Delete(new Item(9, "b"))),
        drain,
        stop,
    ];

    public static IReadOnlyList<ScriptStep> WithoutTruncate { get; } =
    [
        new Commit(tx => tx.Update(Old(3), new Item(3, "a", 4)).Insert(new Item(6, "six"))),
        new Run(15),
        new Commit(tx => tx.Delete(Old(1)).Update(Old(5), new Item(10, "moved", 5))),
        new Run(15),
        checkpoint,
        new Commit(tx => tx.Update(new Item(3, "a", 4), new Item(3, "b", -1)).Ddl<Item>("id bigint", "text text", "group int")),
        new Commit(tx => tx.Insert(new Item(11, "x", 1)).Insert(new Item(12, "y", 2)).Update(Old(2), new Item(13, "z", 3)).Insert(new Item(14, "w", -4)).Delete(Old(4))),
        new Run(25),
        checkpoint,
        // New columns between the changes of one transaction; rounds of two cut it there.
        new Commit(tx => tx.Update(new Item(14, "w", -4), new Item(14, "v", 4)).Ddl<Item>("id bigint", "text varchar", "group int").Insert(Old(1))),
        new Commit(tx => tx.Update(new Item(11, "x", 1), new Item(11, "x2", 2)).Update(new Item(11, "x2", 2), new Item(11, "x3", 3))),
        new Run(10),
        checkpoint,
        drain,
        stop,

        // Stopped in good order and started again: nothing is read twice.
        new Commit(tx => tx.Insert(new Item(20, "late", 1))),
        drain,
        stop,
    ];

    public static IReadOnlyList<ScriptStep> Standard { get; } =
    [
        .. WithoutTruncate.Take(WithoutTruncate.Count - 3),
        new Commit(tx => tx.Insert(new Item(21, "short", 1)).Truncate<Item>().Insert(new Item(22, "new", 2))),
        new Run(10),
        .. WithoutTruncate.Skip(WithoutTruncate.Count - 3),
    ];

    private static Item Old(long id) => new(id, $"old{id}", (int)id);
}
