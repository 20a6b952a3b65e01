using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>A sink system of one kind: what readers see, and its marker. Outlives attempts.</summary>
public sealed class FakeStorage(SinkKind kind)
{
    private readonly Lock gate = new();
    private readonly List<Item> visible = [];
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int stagings;

    public SinkKind Kind => kind;

    public CheckpointRef? Marker { get; private set; }

    /// <summary>The newest epoch that it remembers; it takes none below.</summary>
    public Epoch FencedUpTo { get; set; }

    /// <summary>The newest epoch that has opened it; null before the first.</summary>
    public Epoch? OpenedBy { get; set; }

    public Dictionary<string, List<Item>> Staged { get; } = [];

    /// <summary>What happened, in order, for tests of the order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Runs before each call, by its name; may wait or throw.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs after a commit has taken effect, before its caller hears of it.</summary>
    public Func<CancellationToken, Task> AfterCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>Items that writers have brought, over all attempts.</summary>
    public int Written { get; private set; }

    public IReadOnlyList<Item> Visible
    {
        get
        {
            lock (gate)
            {
                return [.. visible];
            }
        }
    }

    public async Task CallAsync(string name, CancellationToken cancellationToken)
    {
        await Before(name, cancellationToken);
        lock (gate)
        {
            Calls.Add(name);
        }
    }

    public void NoteEndOfInput()
    {
        lock (gate)
        {
            Calls.Add("end of input");
        }
    }

    public void CountWritten(int items)
    {
        lock (gate)
        {
            Written += items;
            grown.TrySetResult();
            grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task WhenWrittenAsync(int items, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (Written >= items)
                {
                    return;
                }

                more = grown.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    public string Stage(List<Item> items)
    {
        lock (gate)
        {
            var name = $"\"stage-{++stagings}\"";
            Staged.Add(name, [.. items]);
            return name;
        }
    }

    public void Publish(CommitPermit permit, List<Item> transaction)
    {
        lock (gate)
        {
            if (Marker is not null && Marker.Value.Id >= permit.Checkpoint.Id)
            {
                return;
            }

            visible.AddRange(kind == SinkKind.Staged ? Staged[permit.Committable.Json.GetRawText()] : transaction);
            Marker = permit.Checkpoint;
        }
    }
}

public sealed class FakeSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context) => throw new NotSupportedException();
}

public sealed class FakeSinkConnection(FakeStorage storage) : ISinkConnection, ISinkWriter<Item>
{
    private readonly List<Item> open = [];

    public SinkKind Kind => storage.Kind;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => (ISinkWriter<T>)(object)this;

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => new(new PreflightReport("fake", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(storage.OpenedBy is { } epoch ? new SinkMarker(Store: null, epoch, storage.Marker) : null);

    public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
    {
        await storage.CallAsync("open", cancellationToken);
        if (context.Epoch < storage.FencedUpTo)
        {
            throw new CdcFlowException("CDCF9998", "Fenced.") { IsFenced = true, FencedBy = storage.FencedUpTo };
        }

        storage.OpenedBy = context.Epoch;
        return storage.Marker;
    }

    public async ValueTask WriteAsync(ChangeBatch<Item> batch, CancellationToken cancellationToken)
    {
        await storage.CallAsync("write", cancellationToken);
        foreach (ref readonly var change in batch.Changes)
        {
            open.Add(change.Row);
        }

        storage.CountWritten(batch.Count);
    }

    public void EndInput() => storage.NoteEndOfInput();

    public async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        await storage.CallAsync("prepare", cancellationToken);
        return storage.Kind == SinkKind.Staged ? Committable.Parse(storage.Stage(open)) : Committable.None;
    }

    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await storage.CallAsync("commit", cancellationToken);
        storage.Publish(permit, open);
        await storage.AfterCommit(cancellationToken);
        open.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
