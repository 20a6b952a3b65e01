using System.Text;
using System.Text.Json;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>What a check plays on: a target, instances that run on it, and the judgement of what it holds.</summary>
internal sealed class StoreStand(ICheckpointStoreTarget target, CancellationToken cancellationToken)
{
    public ICheckpointStoreTarget Target { get; } = target;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Instances are of different machines: that a process is alive can then be learned from its lease alone.</summary>
    public static LeaseHolder Holder(string machine) => new(machine, 17, DateTimeOffset.UnixEpoch);

    public static CheckpointRef Ref(ICheckpointLease lease, long id) => new(lease.Epoch, new CheckpointId(id));

    public static SideFile File(ICheckpointLease lease, string text) => SideFile.Of(lease.Epoch, Encoding.UTF8.GetBytes(text));

    /// <summary>A checkpoint that has something in each of its parts.</summary>
    public static CheckpointManifest Manifest(ICheckpointLease lease, long id, params IReadOnlyCollection<SideFile> files) => new()
    {
        Pipeline = CheckpointStoreConformance.Pipeline,
        Store = lease.Store,
        Checkpoint = Ref(lease, id),
        CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(id),
        GraphFingerprint = "6f1ed002ab5595859014ebf0951522d9",
        LastCommitted = id > 1 ? Ref(lease, id - 1) : null,
        Sources = new Dictionary<string, JsonElement> { ["shop"] = Committable.Parse($$"""{"version":1,"place":{{id}},"name":"žluť\"<&>"}""").Json },
        Nodes = new Dictionary<string, JsonElement> { ["Counted"] = Committable.Parse("""{"seen":[1,2.50,null]}""").Json },
        Sinks = new Dictionary<string, PreparedSink> { ["lake"] = new(SinkKind.Staged, Committable.Parse("""{"files":["a"]}""")) },
        SideFiles = [.. files.Select(file => file.Name)],
    };

    /// <summary>Takes the lease on a store that nobody holds.</summary>
    public async Task<ICheckpointLease> StartAsync(string machine = "alpha") => await Target.Open().AcquireAsync(Holder(machine), CancellationToken);

    /// <summary>Takes the lease over from an instance that renews it no more: it is paused or dead.</summary>
    public async Task<ICheckpointLease> SucceedAsync(ICheckpointLease predecessor)
    {
        var store = Target.Open();
        try
        {
            return await store.AcquireAsync(Holder("beta"), CancellationToken);
        }
        catch (CdcFlowException error) when (error.Code == CheckpointErrorCodes.LeaseHeld)
        {
            await Target.PassAsync(predecessor.Duration, CancellationToken);
            return await store.AcquireAsync(Holder("beta"), CancellationToken);
        }
    }

    /// <summary>Holds that an instance is turned away, for as long as the holder may live.</summary>
    public async Task<CdcFlowException> IsHeldAsync(ICheckpointStore store, string machine)
    {
        try
        {
            await (await store.AcquireAsync(Holder(machine), CancellationToken)).DisposeAsync();
        }
        catch (CdcFlowException error) when (error.Code == CheckpointErrorCodes.LeaseHeld)
        {
            return error;
        }

        throw new ConformanceException("A second instance should be turned away with LeaseErrors.Held while the lease is held, but got a lease.");
    }

    /// <summary>Holds that every act of an instance which has a successor fails as fenced.</summary>
    public static async Task IsFencedAsync(string what, Func<ValueTask> act)
    {
        try
        {
            await act();
        }
        catch (CdcFlowException error) when (error is { IsFenced: true, Code: CheckpointErrorCodes.Fenced })
        {
            return;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new ConformanceException($"{what} should fail with LeaseErrors.Fenced, but failed with: {error.Message}");
        }

        throw new ConformanceException($"{what} should fail with LeaseErrors.Fenced, but succeeded.");
    }

    /// <summary>Holds that a new process finds exactly these checkpoints, each whole and with its side files.</summary>
    public async Task HoldsAsync(string moment, params IEnumerable<CheckpointManifest> expected)
    {
        var store = Target.Open();
        var wanted = expected.OrderBy(manifest => manifest.Checkpoint, CheckpointOrder.NewestFirst).ToList();
        var listed = await store.ListAsync(CancellationToken);
        Require(listed.SequenceEqual(wanted.Select(manifest => manifest.Checkpoint)), () =>
            $"{moment}, the store should list {Names(wanted.Select(manifest => manifest.Checkpoint))}, newest first, and lists {Names(listed)}.");
        foreach (var manifest in wanted)
        {
            var found = await new SideFileReading(store).LoadAsync(manifest.Checkpoint, CancellationToken);
            Require(found is ReadableCheckpoint { Manifest: var read } && Text(read) == Text(manifest), () =>
                $"{moment}, checkpoint {manifest.Checkpoint} should be read as it was written: {Text(manifest)}, and is {(found is ReadableCheckpoint { Manifest: var other } ? Text(other) : $"{found}")}.");
        }
    }

    /// <summary>Holds that a new process finds exactly these side files.</summary>
    public async Task HasSideFilesAsync(string moment, params IReadOnlyCollection<SideFile> expected)
    {
        var store = Target.Open();
        var listed = await store.ListSideFilesAsync(CancellationToken);
        Require(listed.Count == expected.Count && listed.ToHashSet().SetEquals(expected.Select(file => file.Name)), () =>
            $"{moment}, the store should list side files {Names(expected.Select(file => file.Name))}, and lists {Names(listed)}.");
        foreach (var file in expected)
        {
            var bytes = await store.LoadSideFileAsync(file.Name, CancellationToken);
            Require(bytes is { } found && found.Span.SequenceEqual(file.Bytes.Span), () =>
                $"{moment}, side file {file.Name} should be read as it was written, with {file.Bytes.Length} bytes, and {(bytes is { } other ? $"has {other.Length} that differ" : "is missing")}.");
        }
    }

    public static void Require(bool holds, Func<string> finding)
    {
        if (!holds)
        {
            throw new ConformanceException(finding());
        }
    }

    private static string Text(CheckpointManifest manifest) => Encoding.UTF8.GetString(ManifestJson.Write(manifest));

    private static string Names<T>(IEnumerable<T> names) => string.Join(" ", names) is { Length: > 0 } text ? text : "none";
}
