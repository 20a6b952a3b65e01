using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>One instance of a pipeline with one sink.</summary>
internal sealed class SinkInstance<T, TCodec> : IAsyncDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly ISinkConnection connection;
    private readonly ISinkWriter<T> writer;
    private readonly Epoch epoch;
    private ulong transaction;

    public SinkInstance(string connectionString, long epoch, Action<PostgresSinkAttribute>? configure = null)
    {
        this.epoch = new Epoch(epoch);
        var attribute = new PostgresSinkAttribute("warehouse") { Name = "sink" };
        configure?.Invoke(attribute);
        connection = attribute.CreateConnection(PostgresSinkTarget.Context(connectionString));
        writer = connection.AddWriter<T, TCodec>(attribute, "sink", ConnectorSettings.None);
    }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public static async Task<SinkInstance<T, TCodec>> OpenAsync(string connectionString, long epoch, Action<PostgresSinkAttribute>? configure = null)
    {
        var instance = new SinkInstance<T, TCodec>(connectionString, epoch, configure);
        await instance.OpenAsync();
        return instance;
    }

    public async Task<CheckpointRef?> OpenAsync() =>
        await connection.OpenAsync(new SinkOpenContext(SinkConformance.Pipeline, epoch, Delivery.ExactlyOnce, SinkConformance.Store), CancellationToken);

    public async Task<SinkMarker?> ReadMarkerAsync() => await connection.ReadMarkerAsync(CancellationToken);

    public async Task<IReadOnlyList<PreflightCheck>> ProblemsAsync() =>
        [.. (await connection.PreflightAsync(CancellationToken)).Checks.Where(check => check.Status != PreflightStatus.Passed)];

    public async Task WriteAsync(params Func<ChangeMetadata, Change<T>>[] changes)
    {
        var batch = new ChangeBatch<T>();
        foreach (var change in changes)
        {
            var origin = new ChangeOrigin(new TableOrigin("shop", new TableId("public", "t")), new SourceTransaction(++transaction));
            batch.Add(change(new ChangeMetadata(origin, 0, 0)));
        }

        await writer.WriteAsync(batch, CancellationToken);
        batch.Release();
    }

    /// <summary>Writes a source's batch.</summary>
    public ValueTask WriteAsync(ChangeBatch<T> batch) => writer.WriteAsync(batch, CancellationToken);

    public Task InsertAsync(params T[] rows) =>
        WriteAsync([.. rows.Select(row => new Func<ChangeMetadata, Change<T>>(metadata => Change<T>.Insert(row, metadata)))]);

    /// <summary>Sets a change aside, as a node before the sink does.</summary>
    public ValueTask RejectAsync(RejectedChange rejected) => connection.Rejects!.AddAsync("sink", rejected, CancellationToken);

    public async Task<CommitPermit> PrepareAsync(long id)
    {
        var checkpoint = new CheckpointRef(epoch, new CheckpointId(id));
        return SinkConformance.Permit(checkpoint, await connection.PrepareAsync(checkpoint, CancellationToken));
    }

    public async Task CommitAsync(CommitPermit permit) => await connection.CommitAsync(permit, CancellationToken);

    public async Task CheckpointAsync(long id) => await CommitAsync(await PrepareAsync(id));

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
