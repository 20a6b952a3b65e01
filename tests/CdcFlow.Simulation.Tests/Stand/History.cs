using System.Runtime.CompilerServices;
using System.Text;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.State;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Watches everything outside the pipeline after every step, and judges it.</summary>
/// <remarks>
/// H1 nothing is lost · H2 nothing takes effect twice · H3 the changes of a key take effect in the source's order · H4 new columns come after every
/// row that has the old ones and before every row that has the new · H5 what readers see is the source's
/// tables at a place in its log, after every commit and at the end · H6 places and confirmations never go back, and nothing is confirmed that
/// a sink has not committed · H7 nothing is committed that is not prepared, and no older epoch commits after a newer one · H9 an instance that was fenced stays so ·
/// H10 what a node keeps at a checkpoint is of exactly the changes that its sinks have by then. (H8, that it
/// comes to an end, is the run's own.)
/// </remarks>
internal sealed class History(Scenario scenario, TestWorld world, IOutside? outside)
{
    private readonly Dictionary<CheckpointRef, CheckpointManifest> preparing = [];
    private readonly Dictionary<SideFileRef, SideFile> sideFiles = [];
    private readonly HashSet<CheckpointRef> prepared = [];
    private readonly Dictionary<string, int> seenCommits = new(StringComparer.Ordinal);
    private readonly Truth truth = new(scenario, world.Database("shop"));
    private int seenConfirmations;
    private readonly HashSet<LeaseHolder> holders = [];
    private LeaseHolder? newest;
    private long newestEpoch;

    /// <summary>The first thing that was wrong; null when nothing was.</summary>
    public string? Violation { get; private set; }

    /// <summary>A checkpoint is being written: it may turn out to be durable even if its writer dies now.</summary>
    public void Preparing(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files)
    {
        preparing[manifest.Checkpoint] = manifest;
        foreach (var file in files)
        {
            sideFiles[file.Name] = file;
        }
    }

    /// <summary>An instance has taken the lease, or raised its epoch. One that has had a successor never comes back as a newer one.</summary>
    public void Acquired(LeaseHolder holder, Epoch epoch)
    {
        Require(epoch.Value > newestEpoch, $"H9: epoch {epoch} was given after {newestEpoch}.");
        Require(newest == holder || holders.Add(holder), $"H9: instance {holder.ProcessId} fenced its successor, instance {newest?.ProcessId}.");
        (newest, newestEpoch) = (holder, epoch.Value);
    }

    /// <summary>Whether an instance has never had the lease.</summary>
    public bool NeverHadIt(LeaseHolder holder) => !holders.Contains(holder);

    /// <summary>Whether an instance has the lease, and no other has taken it since.</summary>
    public bool IsNewest(LeaseHolder holder) => newest == holder;

    /// <summary>A checkpoint is durable, and its writer knows.</summary>
    public void Prepared(CheckpointRef checkpoint) => prepared.Add(checkpoint);

    /// <summary>Looks at what one step has done.</summary>
    public void Look()
    {
        outside?.Look();
        Require(outside?.Violation is null, $"H2/H7: {outside?.Violation}");
        foreach (var (connection, server) in world.Servers)
        {
            for (var next = seenCommits.GetValueOrDefault(connection); next < server.CommitCount; next++)
            {
                JudgeCommit(connection, server, server.Commits, next);
                seenCommits[connection] = next + 1;
            }
        }

        for (; seenConfirmations < world.Database("shop").ConfirmationCount; seenConfirmations++)
        {
            JudgeConfirmation(world.Database("shop").Confirmations, seenConfirmations);
        }
    }

    /// <summary>Everything was handed over and committed.</summary>
    public void LookAtTheEnd()
    {
        foreach (var name in scenario.Sinks.Keys)
        {
            var output = world.Outputs[name];
            Compare("H1/H5: at the end", name, output.Server, truth.AtTheEnd(name));
            var written = output.Server.Written.Where(change => change.Sink == name).ToList();
            var verdict = SinkAudit.Judge(written, output.Server.Changes(name), [], output.Server.Kind == SinkKind.AtLeastOnce);
            Require(verdict is null, $"H2/H3: {verdict}");
            var schemas = scenario.HasOrderedSchema ? SchemaOrder.Judge(name, output.Server, world.Database("shop")) : null;
            Require(schemas is null, $"H4: sink '{name}': {schemas}.");
        }
    }

    /// <summary>Something must hold; the first that does not is kept.</summary>
    public void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise)
    {
        if (!holds)
        {
            Violation ??= otherwise.ToString();
        }
    }

    /// <summary>Text that is made only where it is needed: some of it makes sense only there, and most is never read.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Otherwise
    {
        private readonly StringBuilder? text;

        public Otherwise(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            text = holds ? null : new StringBuilder(literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string literal) => text!.Append(literal);

        public void AppendFormatted<TValue>(TValue value) => text!.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");

        public override string ToString() => text!.ToString();
    }

    private void JudgeCommit(string connection, InMemorySinkServer server, IReadOnlyList<CheckpointRef> commits, int index)
    {
        var checkpoint = commits[index];
        var isDurable = prepared.Contains(checkpoint) || (preparing.ContainsKey(checkpoint) && checkpoint.Epoch.Value < newestEpoch);
        Require(isDurable, $"H7: '{connection}' committed {checkpoint}, which is not prepared.");
        if (index > 0 && commits[index - 1] != checkpoint)
        {
            Require(commits[index - 1].Id < checkpoint.Id, $"H7: '{connection}' committed {checkpoint} after {commits[index - 1]}.");
            Require(commits[index - 1].Epoch <= checkpoint.Epoch, $"H7: '{connection}' let epoch {checkpoint.Epoch} commit after {commits[index - 1].Epoch}.");
            Require(StateOf(commits[index - 1]).Last <= StateOf(checkpoint).Last, $"H6: {checkpoint} stands before {commits[index - 1]}.");
        }

        foreach (var (name, _) in world.Outputs.Where(output => output.Value.Server == server))
        {
            Compare($"H5: after {checkpoint}", name, server, truth.At(StateOf(checkpoint), name));
            JudgeCounts(checkpoint, name, server);
        }
    }

    private void JudgeCounts(CheckpointRef checkpoint, string sink, InMemorySinkServer server)
    {
        if (scenario.Counter is not { } counter || !preparing.TryGetValue(checkpoint, out var manifest))
        {
            return;
        }

        var counts = new KeyCounts();
        foreach (var part in NodeStateJson.Read(manifest.Nodes[counter]))
        {
            counts.Restore(sideFiles[part].Bytes.Span);
        }

        var had = server.Changes(sink).Where(change => change.Key is not null).CountBy(change => (long)change.Key!).ToDictionary();
        foreach (var key in had.Keys.Union(counts.Counts.Keys).Where(key => had.GetValueOrDefault(key) != counts.Counts.GetValueOrDefault(key)).Take(1))
        {
            Require(false, $"H10: '{counter}' has counted {counts.Counts.GetValueOrDefault(key)} changes of key {key} at {checkpoint}, and '{sink}' has {had.GetValueOrDefault(key)}.");
        }
    }

    private void JudgeConfirmation(IReadOnlyList<ulong> confirmations, int index)
    {
        var confirmed = confirmations[index];
        Require(index == 0 || confirmations[index - 1] <= confirmed, $"H6: {confirmed} was confirmed after {confirmations[index - 1]}.");
        foreach (var (connection, server) in world.Servers.Where(server => server.Value.Kind is SinkKind.Transactional or SinkKind.Staged))
        {
            var committed = server.Commits.Count == 0 ? 0 : StateOf(server.Commits[^1]).LastWhole;
            Require(confirmed <= committed, $"H6: transaction {confirmed} was confirmed, but '{connection}' has committed up to {committed}.");
        }
    }

    private InMemorySourceState StateOf(CheckpointRef checkpoint) =>
        preparing.TryGetValue(checkpoint, out var manifest) && manifest.Sources.TryGetValue("shop", out var json)
            ? InMemorySourceState.Parse(json)
            : new InMemorySourceState(0, default, IsWhole: true, new Dictionary<string, int> { ["items"] = 0 });

    private void Compare(string when, string sink, InMemorySinkServer server, Dictionary<object, Item> expected)
    {
        var rows = server.Rows(sink);
        foreach (var key in expected.Keys.Union(rows.Keys).Where(key => !Equals(expected.GetValueOrDefault(key), rows.GetValueOrDefault(key))).Take(1))
        {
            var changes = string.Join(Environment.NewLine, server.Written.Where(change => change.Sink == sink && Equals(change.Key, key)).Select(change => $"  {change}"));
            Require(false, $"{when}, '{sink}' shows {rows.GetValueOrDefault(key) ?? "nothing"} for key {key} instead of {expected.GetValueOrDefault(key)?.ToString() ?? "nothing"}. Brought to it:{Environment.NewLine}{changes}");
        }
    }
}
