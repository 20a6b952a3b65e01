using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Files.Tests.Conformance;
using CdcFlow.IO;
using CdcFlow.Rejects;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>One instance of a pipeline with one file sink.</summary>
internal sealed class FileProcess : IAsyncDisposable
{
    private readonly ISinkConnection connection;
    private readonly ISinkWriter<Account> writer;
    private readonly Epoch epoch;

    public FileProcess(IFileSystem files, long epoch, TimeProvider? time = null, string folder = "/data/out", string name = "audit", Action<FileSinkAttribute>? configure = null, IConnectorLog? log = null)
    {
        this.epoch = new Epoch(epoch);
        var attribute = new FileSinkAttribute("out") { Name = name };
        configure?.Invoke(attribute);
        connection = attribute.CreateConnection(FileSinkTarget.Context(files, folder, time, log));
        writer = connection.AddWriter<Account, AccountCodec>(attribute, name, ConnectorSettings.None);
    }

    public Task<CheckpointRef?> OpenAsync() => OpenAsync(SinkConformance.Store);

    /// <summary>Opens it for a store.</summary>
    public async Task<CheckpointRef?> OpenAsync(StoreId store) =>
        await connection.OpenAsync(new SinkOpenContext(SinkConformance.Pipeline, epoch, Delivery.ExactlyOnce, store), CancellationToken.None);

    /// <summary>Opens it for a store that replaces another.</summary>
    public async Task OpenAsync(StoreId store, StoreId replaces) =>
        await connection.OpenAsync(new SinkOpenContext(SinkConformance.Pipeline, epoch, Delivery.ExactlyOnce, store) { Replaces = replaces }, CancellationToken.None);

    public async Task<SinkMarker?> ReadMarkerAsync() => await connection.ReadMarkerAsync(CancellationToken.None);

    public Task WriteAsync(params long[] ids) => WriteAsync([.. ids.Select(id => new Account(id, "owner", id, null))]);

    public async Task WriteAsync(params Account[] accounts)
    {
        var batch = new ChangeBatch<Account>();
        foreach (var account in accounts)
        {
            batch.Add(Change<Account>.Insert(account, At(account.Id)));
        }

        await writer.WriteAsync(batch, CancellationToken.None);
        batch.Release();
    }

    /// <summary>A node before the sink has rejected an update.</summary>
    public async Task RejectAsync(long id)
    {
        connection.Rejects!.Require("audit");
        var rejected = new RejectedChange
        {
            Node = "Parse",
            Metadata = At(id),
            Operation = Operation.Update,
            Code = ErrorCodes.TransformFailed,
            Cause = "Node 'Parse' threw.",
            Message = "secret",
            Key = $"{id}",
            Row = """{"id":7}""",
        };
        await connection.Rejects.AddAsync("audit", rejected, CancellationToken.None);
    }

    public async Task<IReadOnlyList<StoredReject>> ListAsync(int max) => (await ListAllAsync(max)).Rejects;

    public async Task<RejectList> ListAllAsync(int max) => await connection.Rejects!.ListAsync(max, CancellationToken.None);

    private static ChangeMetadata At(long id) =>
        new(new ChangeOrigin(new TableOrigin("s", new TableId("public", "accounts")), new SourceTransaction((ulong)id)), 0, 0);

    public async Task<PreflightCheck> CheckAsync() => Assert.Single((await connection.PreflightAsync(CancellationToken.None)).Checks);

    public void EndInput() => connection.EndInput();

    public async Task<CommitPermit> PrepareAsync(long id)
    {
        var checkpoint = new CheckpointRef(epoch, new CheckpointId(id));
        return SinkConformance.Permit(checkpoint, await connection.PrepareAsync(checkpoint, CancellationToken.None));
    }

    /// <summary>Removes the traces that a store's pipeline has left.</summary>
    public async Task ResetAsync(StoreId store)
    {
        foreach (var trace in await connection.FindTracesAsync(new TraceScope(store, Rejects: true), CancellationToken.None) ?? [])
        {
            if (trace.State == TraceState.Present)
            {
                await trace.RemoveAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Commits what the store knows to be committed.</summary>
    public Task CommitAgainAsync(CommitPermit permit) => CommitAsync(SinkConformance.Permit(permit.Checkpoint, permit.Committable, isKnownCommitted: true));

    public async Task CommitAsync(CommitPermit permit) => await connection.CommitAsync(permit, CancellationToken.None);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>All files of the disk but those that say whose a folder is.</summary>
    public static Dictionary<string, byte[]> Output(SimulatedDisk disk) =>
        disk.Contents.Where(file => !file.Key.Contains(".owner", StringComparison.Ordinal)).ToDictionary();

    /// <summary>The ids that readers of the folder find, in their order.</summary>
    public static List<long> Published(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        [.. JsonLinesFold.Lines(files.Where(file => file.Key.EndsWith(".jsonl", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value))
            .Select((JsonElement line) => line.GetProperty("id").GetInt64())];
}

/// <summary>A clock that moves when told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public void Advance(TimeSpan by) => ticks += by.Ticks;
}
