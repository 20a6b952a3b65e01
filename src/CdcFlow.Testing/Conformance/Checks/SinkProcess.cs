using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>One instance of the pipeline: a connection with three sinks, driven as the runtime would.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    public const string Accounts = "accounts";
    public const string Places = "places";
    public const string Types = "every_type";

    private readonly SinkStand stand;
    private readonly ISinkConnection connection;
    private readonly Epoch epoch;
    private readonly ISinkWriter<Account> accounts;
    private readonly ISinkWriter<Place> places;
    private readonly ISinkWriter<EveryType> types;
    private bool isDead;

    private SinkProcess(SinkStand stand, Epoch epoch)
    {
        this.stand = stand;
        this.epoch = epoch;
        connection = stand.Target.Connect();
        accounts = Add<Account, AccountCodec>(Accounts);
        places = Add<Place, PlaceCodec>(Places);
        types = Add<EveryType, EveryTypeCodec>(Types);
    }

    /// <summary>What the sink said when it was opened.</summary>
    public CheckpointRef? Marker { get; private set; }

    /// <summary>What a process reads that does not open the sink.</summary>
    public static async Task<SinkMarker?> ReadMarkerAsync(SinkStand stand)
    {
        await using var process = new SinkProcess(stand, default);
        return await process.connection.ReadMarkerAsync(stand.CancellationToken);
    }

    /// <summary>Takes away what a process finds that does not open the sink, as a reset does: each trace twice, since a reset may be interrupted.</summary>
    /// <returns>The state of each trace before; null where the sink does not know.</returns>
    public static async Task<IReadOnlyList<TraceState>?> ResetAsync(SinkStand stand)
    {
        await using var process = new SinkProcess(stand, default);
        if (await process.connection.FindTracesAsync(new TraceScope(SinkConformance.Store, Rejects: true), stand.CancellationToken) is not { } traces)
        {
            return null;
        }

        foreach (var trace in traces.Where(trace => trace.State == TraceState.Present))
        {
            await trace.RemoveAsync(stand.CancellationToken);
            await trace.RemoveAsync(stand.CancellationToken);
        }

        return [.. traces.Select(trace => trace.State)];
    }

    public static async Task<SinkProcess> StartAsync(SinkStand stand, long epoch, StoreId? store = null, StoreId? replaces = null)
    {
        var process = new SinkProcess(stand, new Epoch(epoch));
        SinkStand.Require(process.connection.Kind == stand.Kind, () => $"The connection says that it is {process.connection.Kind}, not {stand.Kind}.");
        try
        {
            process.Marker = await process.connection.OpenAsync(
                new SinkOpenContext(SinkConformance.Pipeline, process.epoch, Delivery.ExactlyOnce, store ?? SinkConformance.Store) { Replaces = replaces }, stand.CancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task WriteAsync(params IReadOnlyList<Change<Account>> changes) => WriteAsync(accounts, changes);

    public Task WriteAsync(params IReadOnlyList<Change<Place>> changes) => WriteAsync(places, changes);

    public Task WriteAsync(params IReadOnlyList<Change<EveryType>> changes) => WriteAsync(types, changes);

    /// <summary>Prepares a checkpoint and, as its state were durable, gets the permit to commit it.</summary>
    public async Task<CommitPermit> PrepareAsync(long id)
    {
        var checkpoint = new CheckpointRef(epoch, new CheckpointId(id));
        return SinkConformance.Permit(checkpoint, await connection.PrepareAsync(checkpoint, stand.CancellationToken));
    }

    public async Task CommitAsync(CommitPermit permit) => await connection.CommitAsync(permit, stand.CancellationToken);

    /// <summary>Prepares and commits.</summary>
    public async Task<CommitPermit> CheckpointAsync(long id)
    {
        var permit = await PrepareAsync(id);
        await CommitAsync(permit);
        return permit;
    }

    /// <summary>The process dies here.</summary>
    public async Task KillAsync()
    {
        isDead = true;
        await stand.Target.KillAsync(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (!isDead)
        {
            await connection.DisposeAsync();
        }
    }

    private ISinkWriter<T> Add<T, TCodec>(string name)
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        connection.AddWriter<T, TCodec>(stand.Target.Sink(name), name, ConnectorSettings.None);

    private async Task WriteAsync<T>(ISinkWriter<T> writer, IReadOnlyList<Change<T>> changes)
        where T : class
    {
        var batch = new ChangeBatch<T>(Math.Max(1, changes.Count));
        foreach (var change in changes)
        {
            batch.Add(change);
        }

        await writer.WriteAsync(batch, stand.CancellationToken);
        batch.Release(); // a writer that keeps the batch finds it empty
    }
}
