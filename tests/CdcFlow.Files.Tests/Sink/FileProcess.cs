using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Files.Tests.Conformance;
using CdcFlow.IO;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

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

    public async Task<CheckpointRef?> OpenAsync() =>
        await connection.OpenAsync(new SinkOpenContext(SinkConformance.Pipeline, epoch, Delivery.ExactlyOnce), CancellationToken.None);

    public async Task WriteAsync(params long[] ids)
    {
        var batch = new ChangeBatch<Account>();
        foreach (var id in ids)
        {
            var origin = new ChangeOrigin { Source = "s", Table = new TableId("public", "accounts"), Transaction = (ulong)id };
            batch.Add(Change<Account>.Insert(new Account(id, "owner", id, null), new ChangeMetadata(origin, 0, 0)));
        }

        await writer.WriteAsync(batch, CancellationToken.None);
        batch.Release();
    }

    public async Task<PreflightCheck> CheckAsync() => Assert.Single((await connection.PreflightAsync(CancellationToken.None)).Checks);

    public void EndInput() => connection.EndInput();

    public async Task<CommitPermit> PrepareAsync(long id)
    {
        var checkpoint = new CheckpointRef(epoch, new CheckpointId(id));
        return SinkConformance.Permit(checkpoint, await connection.PrepareAsync(checkpoint, CancellationToken.None));
    }

    public async Task CommitAsync(CommitPermit permit) => await connection.CommitAsync(permit, CancellationToken.None);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

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
