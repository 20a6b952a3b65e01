using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>Decides how a pipeline starts. Pure: the same facts give the same decision.</summary>
/// <remarks>
/// The store and the sinks' markers must tell one story. With a transactional sink its marker names the state to restore; without one
/// the newest state is the decision. Where the stories differ, the answer is a <see cref="Refusal"/>, never a guess.
/// </remarks>
public static class Recovery
{
    /// <summary>Whether the sinks may be opened, by a first reading of them that has changed nothing. It refuses what cannot go on, so that nobody is
    /// fenced by a mistake; it decides nothing else, since older instances may still commit.</summary>
    /// <param name="facts">The sinks as they were read.</param>
    /// <param name="own">This instance's epoch; null where none is taken, as by a check.</param>
    /// <returns>Null when they may be.</returns>
    public static Refusal? Admit(RecoveryFacts facts, Epoch? own) => ForeignStore(facts) ?? Decide(facts) as Refusal ?? EpochAhead(facts, own) ?? SinkVanished(facts);

    /// <summary>Whether the pipeline may be reset, by a first reading: what another pipeline's or another store's instance needs is not taken away by mistake.</summary>
    /// <param name="facts">The sinks as they were read.</param>
    /// <param name="own">The epoch of whoever resets; null where none is taken yet.</param>
    /// <returns>Null when it may be.</returns>
    public static Refusal? AdmitReset(RecoveryFacts facts, Epoch? own)
    {
        var (pipeline, store) = (ForeignPipeline(facts), ForeignStore(facts));
        var ahead = facts.Sinks.FirstOrDefault(sink => sink.Found?.Epoch >= own);
        return pipeline
            ?? (store is not null ? store with { Fix = "Reset with that store (Checkpoint:Store): `checkpoints list` shows a store's id. If it is lost, `takeover` makes this one the sinks' owner; then `reset` again." }
            : ahead.Found is { } marker ? EpochAhead(facts.Pipeline, ahead.Connection, marker.Epoch, own!.Value) with { Fix = "Reset with the newest store. If that is lost, `takeover` raises this one's epoch; then `reset` again." }
            : null);
    }

    /// <summary>The decision.</summary>
    public static RecoveryDecision Decide(RecoveryFacts facts) =>
        ForeignPipeline(facts)
        ?? (facts.Override is { } order ? Obey(order, facts)
            : TransactionalSink(facts) is { } sink ? FollowMarker(sink, facts)
            : FollowStore(facts, NextId(facts)));

    /// <summary>A sink has been written by an epoch that is newer than any of the store, and by no instance of the store.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="connection">The sink.</param>
    /// <param name="remembered">The epoch that it remembers.</param>
    /// <param name="own">This instance's epoch.</param>
    public static Refusal EpochAhead(string pipeline, string connection, Epoch remembered, Epoch own) => new(
        CheckpointErrorCodes.MarkerAhead,
        $"Sink '{connection}' was last written by epoch {remembered} of pipeline '{pipeline}', and its store has come no further than epoch {own}: it was rolled back, emptied, or is another's.",
        $"Bring back the newest store, or say yourself where to begin: {RestoreFrom("ID@EPOCH")}, or {Afresh}");

    /// <summary>A sink belongs to another store. An order of where to begin does not say whose the sinks are: a command line that was kept from another day must
    /// end no instance that runs.</summary>
    /// <param name="facts">The sinks as they were read.</param>
    /// <returns>Null when none does.</returns>
    public static Refusal? ForeignStore(RecoveryFacts facts)
    {
        var foreign = facts.Sinks.FirstOrDefault(sink => sink.Found?.ForeignTo(facts.Store) is not null);
        return foreign.Found?.ForeignTo(facts.Store) is not { } marker ? null : new Refusal(
            CheckpointErrorCodes.ForeignStore,
            $"Sink '{foreign.Connection}' belongs to checkpoint store {marker.Store}, whose instance (epoch {marker.Epoch}{(marker.Holder is { } holder ? $", {holder}" : "")}) opened it last; the store of this start {(facts.Store is { } own ? $"is {own}" : "has no id yet")}. Nothing was changed there.",
            "Start with that store (Checkpoint:Store): `checkpoints list` shows a store's id. If it is lost, or this one is to take its place, `takeover` shows whose the sinks are, makes this store their owner, fences the instance that may run, and says where to begin.");
    }

    private static Refusal? EpochAhead(RecoveryFacts facts, Epoch? own)
    {
        var ahead = facts.Sinks.FirstOrDefault(sink => sink.Found?.Epoch > own);
        return facts.Override is not null || ahead is not { Found: { } marker } ? null : EpochAhead(facts.Pipeline, ahead.Connection, marker.Epoch, own!.Value);
    }

    /// <summary>A staged sink keeps its marker from its first opening on. What it lacks, it lost: its place was emptied, or another one is there.</summary>
    private static Refusal? SinkVanished(RecoveryFacts facts)
    {
        var newest = Readable(facts).Where(manifest => manifest.Store is not null).OrderBy(manifest => manifest.Checkpoint, CheckpointOrder.NewestFirst).FirstOrDefault();
        var vanished = facts.Sinks.FirstOrDefault(sink => sink is { Kind: SinkKind.Staged, Found: null or { Vanished: not null } } && newest?.Sinks.GetValueOrDefault(sink.Connection).Kind == SinkKind.Staged);
        return facts.Override is not null || vanished.Connection is null ? null : new Refusal(
            CheckpointErrorCodes.SinkVanished,
            $"Sink '{vanished.Connection}' has no trace of pipeline '{facts.Pipeline}'{(vanished.Found?.Vanished is { } place ? $" in {place}" : "")}, although checkpoint {newest!.Checkpoint} was made with it: its folder was emptied or replaced, or its disk is not mounted. Nothing was changed there.",
            $"Mount the disk, or bring the folder back with its hidden files. If what it had is lost, go on without it: `run --restore-from {newest.Checkpoint}`; or have everything written again: {Afresh}");
    }

    private static Refusal? ForeignPipeline(RecoveryFacts facts) =>
        Readable(facts).FirstOrDefault(manifest => manifest.Pipeline != facts.Pipeline) is not { } foreign ? null : new Refusal(
            CheckpointErrorCodes.ForeignPipeline,
            $"The checkpoint store of pipeline '{facts.Pipeline}' holds checkpoint {foreign.Checkpoint} of pipeline '{foreign.Pipeline}'.",
            "Give each pipeline a store of its own (Checkpoint:Store).");

    private static RecoveryDecision Obey(RecoveryOverride order, RecoveryFacts facts) =>
        order.Checkpoint is not { } wanted ? new FreshStart(NextId(facts))
        : Find(wanted, facts) switch
        {
            ReadableCheckpoint found => RestoreTo(found.Manifest, facts, NextId(facts)),
            DamagedCheckpoint damaged => Unreadable(damaged),
            _ => new Refusal(
                CheckpointErrorCodes.OverrideUnknown,
                $"The store of pipeline '{facts.Pipeline}' holds no checkpoint {wanted}.",
                "`checkpoints list` shows those there are."),
        };

    private static RecoveryDecision FollowMarker(OpenedSink sink, RecoveryFacts facts)
    {
        if (sink.Marker is not { } marker)
        {
            return WithoutMarker(sink, facts);
        }

        return Find(marker, facts) switch
        {
            ReadableCheckpoint found => Restorable(found.Manifest, facts),
            DamagedCheckpoint damaged => Unreadable(damaged),
            _ when facts.Stored.All(stored => CheckpointOrder.IsNewer(marker, stored.Checkpoint)) => MarkerAhead(sink, facts),
            _ => new Refusal(
                CheckpointErrorCodes.StateMissing,
                $"Sink '{sink.Connection}' committed checkpoint {marker}, but the store of pipeline '{facts.Pipeline}' has no state of that name.",
                $"Bring back the store's file of {marker}, or say yourself where to begin: {RestoreFrom("ID@EPOCH")}, or `none` to begin afresh."),
        };
    }

    /// <summary>A transactional sink without a marker has never committed, or its marker was deleted; the manifests tell which.</summary>
    private static RecoveryDecision WithoutMarker(OpenedSink sink, RecoveryFacts facts)
    {
        if (facts.Stored.OfType<DamagedCheckpoint>().FirstOrDefault() is { } damaged)
        {
            return Unreadable(damaged);
        }

        // Its undecided attempts. Every other state is older than the sink's part in the pipeline, and was decided without it.
        var attempts = Readable(facts).Where(manifest => manifest.TransactionalSink == sink.Connection).ToList();
        var others = facts.Stored.Where(stored => attempts.All(attempt => attempt.Checkpoint != stored.Checkpoint)).ToList();
        var committed = attempts.Select(attempt => attempt.LastCommitted).OfType<CheckpointRef>()
            .FirstOrDefault(checkpoint => others.All(other => other.Checkpoint != checkpoint));
        return committed == default ? FollowStore(facts with { Stored = others }, NextId(facts)) : new Refusal(
            CheckpointErrorCodes.MarkerMissing,
            $"Sink '{sink.Connection}' has no marker of pipeline '{facts.Pipeline}', although checkpoint {committed} was committed there.",
            $"Bring back the sink's marker. If it alone is lost, go on without it: {RestoreFrom(committed.ToString())}; if the sink was emptied or made anew, `run --restore-from none` begins afresh.");
    }

    /// <summary>The newest state decides; one that cannot be read is passed over only while no sink is known to have committed it.</summary>
    private static RecoveryDecision FollowStore(RecoveryFacts facts, CheckpointId nextId)
    {
        var stored = facts.Stored.OrderBy(stored => stored.Checkpoint, CheckpointOrder.NewestFirst).ToList();
        var unreadable = stored.TakeWhile(checkpoint => checkpoint is DamagedCheckpoint).Cast<DamagedCheckpoint>().ToList();
        var fatal = unreadable.FirstOrDefault(damaged =>
            damaged.Code == CheckpointErrorCodes.NewerFormat || facts.Sinks.Any(sink => sink.Marker == damaged.Checkpoint));
        return fatal is not null ? Unreadable(fatal)
            : unreadable.Count < stored.Count ? Restorable(((ReadableCheckpoint)stored[unreadable.Count]).Manifest, facts with { Stored = stored }, nextId)
            : unreadable.Count > 0 ? Unreadable(unreadable[0])
            : facts.Sinks.FirstOrDefault(sink => sink.Marker is not null) is { Marker: not null } ahead ? MarkerAhead(ahead, facts)
            : new FreshStart(nextId);
    }

    private static RecoveryDecision Restorable(CheckpointManifest manifest, RecoveryFacts facts, CheckpointId? nextId = null) =>
        SinkAhead(manifest, facts) ?? SinkRemoved(manifest, facts) ?? SourceRemoved(manifest, facts) ?? NodeRemoved(manifest, facts) ?? (RecoveryDecision)RestoreTo(manifest, facts, nextId ?? NextId(facts));

    private static Refusal? SinkAhead(CheckpointManifest manifest, RecoveryFacts facts)
    {
        foreach (var sink in facts.Sinks)
        {
            if (sink.Marker is { } marker && CheckpointOrder.IsNewer(marker, manifest.Checkpoint))
            {
                return MarkerAhead(sink, facts);
            }
        }

        return null;
    }

    /// <summary>A sink that has left the pipeline may have decided this checkpoint, or still have to commit it: only it can tell.</summary>
    private static Refusal? SinkRemoved(CheckpointManifest manifest, RecoveryFacts facts)
    {
        var removed = manifest.Sinks.FirstOrDefault(sink => sink.Value.Kind is SinkKind.Transactional or SinkKind.Staged && !IsOpen(sink.Key, sink.Value.Kind, facts)).Key;
        return IsKnownCommitted(manifest, facts) || removed is null ? null : new Refusal(
            CheckpointErrorCodes.SinkRemoved,
            $"Sink '{removed}' is no longer part of pipeline '{facts.Pipeline}', but may still have checkpoint {manifest.Checkpoint} to commit.",
            $"Put the sink back, stop the pipeline in good order once, and then remove it; or begin without it: {RestoreFrom(manifest.Checkpoint.ToString())}.");
    }

    /// <summary>A position that nobody takes would be lost with the next checkpoint; a source that was only renamed would read its tables anew.</summary>
    private static Refusal? SourceRemoved(CheckpointManifest manifest, RecoveryFacts facts) =>
        manifest.Sources.Keys.FirstOrDefault(source => facts.Sources?.Contains(source) == false) is not { } removed ? null : new Refusal(
            CheckpointErrorCodes.SourceRemoved,
            $"Checkpoint {manifest.Checkpoint} holds the position of source '{removed}', which is no longer part of pipeline '{facts.Pipeline}'.",
            $"Give the source's connection its old name; or, if it was removed on purpose, let its position go: {RestoreFrom(manifest.Checkpoint.ToString())}.");

    /// <summary>A state that nobody takes would be lost with the next checkpoint; a node that was only renamed would begin with nothing.</summary>
    private static Refusal? NodeRemoved(CheckpointManifest manifest, RecoveryFacts facts) =>
        manifest.Nodes.Keys.Order(StringComparer.Ordinal).FirstOrDefault(node => facts.Nodes?.Contains(node) == false) is not { } removed ? null : new Refusal(
            CheckpointErrorCodes.NodeRemoved,
            $"Checkpoint {manifest.Checkpoint} holds state of node '{removed}', and pipeline '{facts.Pipeline}' has no node of that id that keeps any.",
            $"If the node was renamed, give it its old id: [NodeId(\"{removed}\")]; or, if it was removed on purpose, let its state go: {RestoreFrom(manifest.Checkpoint.ToString())}.");

    private static Restore RestoreTo(CheckpointManifest manifest, RecoveryFacts facts, CheckpointId nextId) => new(
        new DecidedCheckpoint(
            manifest,
            manifest.Sinks.Where(sink => sink.Value.Kind == SinkKind.Staged && IsOpen(sink.Key, SinkKind.Staged, facts)).Select(sink => sink.Key))
        {
            IsKnownCommitted = IsKnownCommitted(manifest, facts),
        },
        nextId);

    private static bool IsKnownCommitted(CheckpointManifest manifest, RecoveryFacts facts) => Readable(facts).Any(other => other.LastCommitted == manifest.Checkpoint);

    private static Refusal MarkerAhead(OpenedSink sink, RecoveryFacts facts) => new(
        CheckpointErrorCodes.MarkerAhead,
        $"Sink '{sink.Connection}' committed checkpoint {sink.Marker}, which is newer than the state of pipeline '{facts.Pipeline}': its store was rolled back, emptied, or is another's.",
        $"Bring back the newest store, or say yourself where to begin: {RestoreFrom("ID@EPOCH")}, or {Afresh}");

    private static Refusal Unreadable(DamagedCheckpoint damaged) => new(
        damaged.Code,
        $"Checkpoint {damaged.Checkpoint} cannot be restored: {damaged.Reason}.",
        damaged.Code switch
        {
            CheckpointErrorCodes.NewerFormat => "Run the version of CdcFlow that wrote it, or a later one; or say",
            CheckpointErrorCodes.SideFileLost => "Bring the side file back from a backup of the store; or say",
            _ => "Bring back its file from a backup, or say",
        } + $" yourself where to begin: {RestoreFrom("ID@EPOCH")}, or {Afresh}");

    private const string Afresh = "`none` to begin afresh. " + FreshStart.LeavesDeletedRows;

    private static string RestoreFrom(string checkpoint) => $"`run --restore-from {checkpoint}` (rows may then appear twice)";

    private static IEnumerable<CheckpointManifest> Readable(RecoveryFacts facts) =>
        facts.Stored.OfType<ReadableCheckpoint>().Select(stored => stored.Manifest);

    private static StoredCheckpoint? Find(CheckpointRef checkpoint, RecoveryFacts facts) =>
        facts.Stored.FirstOrDefault(stored => stored.Checkpoint == checkpoint);

    private static OpenedSink? TransactionalSink(RecoveryFacts facts) =>
        facts.Sinks.Where(sink => sink.Kind == SinkKind.Transactional).Select(sink => (OpenedSink?)sink).SingleOrDefault();

    private static bool IsOpen(string connection, SinkKind kind, RecoveryFacts facts) =>
        facts.Sinks.Any(sink => sink.Connection == connection && sink.Kind == kind);

    /// <summary>Above everything that the store or a sink has ever seen, aborted attempts and what readers still find from before a reset included.</summary>
    private static CheckpointId NextId(RecoveryFacts facts) => new(
        1 + facts.Stored.Select(stored => stored.Checkpoint).Concat(facts.Sinks.SelectMany(sink => new[] { sink.Marker, sink.Before }).OfType<CheckpointRef>())
            .Select(checkpoint => checkpoint.Id.Value).DefaultIfEmpty().Max());
}
