namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>The table of all checks.</summary>
internal static class StoreChecks
{
    public static IReadOnlyList<StoreCheck> All { get; } =
    [
        new("A new store holds nothing", WritingChecks.NewStoreIsEmpty),
        new("What is written is read back whole by another process", WritingChecks.ReadsBackWhole),
        new("Checkpoints are listed newest first", WritingChecks.NewestFirst),
        new("A checkpoint that is written again is replaced", WritingChecks.WrittenAgain),
        new("A deleted checkpoint is gone, and deleting it again is no error", WritingChecks.Deleted),
        new("A loss of power loses nothing that was written", WritingChecks.SurvivesPowerCut),

        new("Epochs grow with each lease", LeaseChecks.EpochsGrow),
        new("Of instances that ask at once, no two have the same epoch", LeaseChecks.EpochsDiffer),
        new("A second instance is turned away and told who holds the lease", LeaseChecks.SecondIsTurnedAway),
        new("A lease that is given back is free at once", LeaseChecks.GivenBack),
        new("A renewed lease does not expire", LeaseChecks.Renewed),
        new("A lease that is not renewed expires, and its holder writes no more", LeaseChecks.ExpiredHolderIsFenced),
        new("An instance raises its epoch and writes on", LeaseChecks.Raised),
        new("An instance that has a successor never raises its epoch", LeaseChecks.FencedHolderRaisesNothing),
        new("A lease is looked at without asking for it", LeaseChecks.LookedAt),
        new("Trying whether a store is usable leaves nothing behind", LeaseChecks.TryingLeavesNothing),

        new("Side files are read back as they were written", SideFileChecks.ReadBack),
        new("A side file that was written once is named again", SideFileChecks.NamedAgain),
        new("A checkpoint is not written without a side file that it names", SideFileChecks.MissingIsRefused),
        new("A deleted side file is gone, and deleting it again is no error", SideFileChecks.Deleted),
        new("A loss of power after a deletion leaves no checkpoint without its side files", SideFileChecks.DeletionSurvivesPowerCut),

        new("The store's id stays over leases and is found without one", EraseChecks.IdStays),
        new("An erased store holds nothing and has another id, and its epochs go on", EraseChecks.Erased),
        new("An instance that has a successor erases nothing", EraseChecks.FencedHolderErasesNothing),
    ];
}
