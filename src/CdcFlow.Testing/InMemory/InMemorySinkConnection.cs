using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>A session on an <see cref="InMemorySinkServer"/>: holds the open transaction, which dies with it.</summary>
/// <param name="connection">The connection's name.</param>
/// <param name="server">What it writes to.</param>
/// <param name="process">The simulated process that it dies with; null in a real one.</param>
internal sealed class InMemorySinkConnection(string connection, InMemorySinkServer server, SimulatedProcess? process) : ISinkConnection
{
    private readonly List<WrittenChange> open = [];
    private readonly List<string> uncommitted = [];
    private InMemoryRejects? rejects;
    private StoreId store;

    /// <inheritdoc/>
    public SinkKind Kind => server.Kind;

    /// <inheritdoc/>
    public ISinkRejects Rejects => OwnRejects;

    private InMemoryRejects OwnRejects => rejects ??= new InMemoryRejects(server, async (operation, effect) => await EffectAsync(operation, () =>
    {
        effect();
        return true;
    }));

    /// <summary>This instance's epoch, once opened.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>Changes that were brought and that no reader sees yet.</summary>
    public List<WrittenChange> Staged { get; } = [];

    /// <inheritdoc/>
    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new InMemorySinkWriter<T, TCodec>(name, server, () => Epoch, WriteAsync);

    /// <inheritdoc/>
    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PreflightReport($"sink {connection}", []));

    /// <inheritdoc/>
    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => EffectAsync(SinkOperation.ReadMarker, server.Read);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => EffectAsync<IReadOnlyList<PipelineTrace>?>(
        SinkOperation.ReadMarker, () => server.Kind is SinkKind.Idempotent or SinkKind.AtLeastOnce ? [] :
        [
            new PipelineTrace("marker", server.Read() is null ? TraceState.Gone : TraceState.Present)
            {
                RemoveAsync = async _ => await EffectAsync(SinkOperation.Forget, () =>
                {
                    server.Forget(scope.Store);
                    return true;
                }),
            },
        ]);

    /// <inheritdoc/>
    public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
    {
        (Epoch, store) = (context.Epoch, context.Store);
        return await EffectAsync(SinkOperation.Open, () => server.Open(context));
    }

    /// <inheritdoc/>
    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => server.Kind switch
    {
        SinkKind.Staged => EffectAsync(SinkOperation.Prepare, Stage),
        SinkKind.Idempotent => EffectAsync(SinkOperation.Prepare, Flush),
        _ => EffectAsync(SinkOperation.Prepare, () => Committable.None),
    };

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await EffectAsync(SinkOperation.Commit, () =>
        {
            Commit(permit);
            return true;
        });
        open.Clear();
        uncommitted.Clear();
        OwnRejects.Open.Clear();
        Staged.Clear();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Takes the changes of one call.</summary>
    private async ValueTask WriteAsync(IReadOnlyList<WrittenChange> changes) => await EffectAsync(SinkOperation.Write, () =>
    {
        server.Record(changes);
        if (server.Kind == SinkKind.AtLeastOnce)
        {
            server.Publish(changes);
            return true;
        }

        open.AddRange(changes);
        Staged.AddRange(changes);
        return true;
    });

    private Committable Stage()
    {
        if (open.Count + OwnRejects.Open.Count > 0)
        {
            uncommitted.Add(server.Stage(Epoch, open, OwnRejects.Open));
            open.Clear();
            OwnRejects.Open.Clear();
        }

        return new Committable(JsonSerializer.SerializeToElement([.. uncommitted], InMemorySinkJson.Default.StringArray));
    }

    private Committable Flush()
    {
        server.Publish(open, OwnRejects.Open);
        open.Clear();
        OwnRejects.Open.Clear();
        Staged.Clear();
        return Committable.None;
    }

    private void Commit(CommitPermit permit)
    {
        if (server.Kind == SinkKind.Transactional)
        {
            server.CommitTransaction(permit.Checkpoint, open, OwnRejects.Open);
        }
        else if (server.Kind == SinkKind.Staged)
        {
            server.CommitStaged(permit.Checkpoint, store, permit.Committable.Json.Deserialize(InMemorySinkJson.Default.StringArray) ?? []);
        }
    }

    private async ValueTask<TResult> EffectAsync<TResult>(SinkOperation operation, Func<TResult> effect)
    {
        if (process is null)
        {
            return server.Faults.Run(operation, effect);
        }

        await process.StepAsync($"sink {connection}: {operation}");
        var result = server.Faults.Run(operation, effect);

        // The answer travels: others may run, and the process may die, between the effect and its answer.
        await process.StepAsync($"sink {connection}: answer to {operation}");
        return result;
    }
}
