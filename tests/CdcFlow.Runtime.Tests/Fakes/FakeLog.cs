using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>A source system with one table per output: a log of items that a connector reads from the index in its state. Outlives attempts.</summary>
public sealed class FakeLog(int roundLength = 3)
{
    private readonly Lock gate = new();
    private readonly List<Item> items = [];
    private readonly List<Wakeup> readers = [];
    private readonly Queue<Exception> failures = new();

    public int RoundLength => roundLength;

    /// <summary>How many items were ever fed.</summary>
    public int Length => items.Count;

    /// <summary>Index up to which the pipeline said that the log may be forgotten.</summary>
    public int Confirmed { get; set; }

    /// <summary>When everything in it was committed; default: unknown long ago.</summary>
    public DateTimeOffset CommittedAt { get; set; }

    /// <summary>Rounds that readers have handed out.</summary>
    public int RoundsRead { get; set; }

    /// <summary>How many bytes the source's state has that nobody needs.</summary>
    public int StateBytes { get; set; }

    public List<int> OpenedAt { get; } = [];

    /// <summary>The table, where it is one that can be read again; null for none.</summary>
    public TableId? Table { get; set; }

    /// <summary>By their names in any state, the tables that were renamed.</summary>
    public Dictionary<TableId, TableId> Renamed { get; } = [];

    /// <summary>What readers were asked to read again, one for each time that it was opened.</summary>
    public List<ResnapshotRequest?> Asked { get; } = [];

    /// <summary>Fails the next confirmations, one each.</summary>
    public Queue<Exception> FailConfirms { get; } = new();

    public void Feed(params IEnumerable<Item> more)
    {
        lock (gate)
        {
            items.AddRange(more);
            readers.ForEach(reader => reader.Set());
        }
    }

    /// <summary>Fails the next read, before it gives anything that is fed later.</summary>
    public void FailRead(Exception failure)
    {
        lock (gate)
        {
            failures.Enqueue(failure);
            readers.ForEach(reader => reader.Set());
        }
    }

    public Item[] Read(int index)
    {
        lock (gate)
        {
            if (failures.TryDequeue(out var failure))
            {
                throw failure;
            }

            return [.. items.Skip(index).Take(roundLength)];
        }
    }

    internal void Tell(Wakeup reader)
    {
        lock (gate)
        {
            readers.Add(reader);
        }
    }
}

[SourceCapabilities(Startup.Initial)]
public sealed class FakeSourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    public override ISourceConnector CreateConnector(ConnectorContext context) => throw new NotSupportedException();
}

public sealed record FakeSourceState(int Next, int UselessBytes = 0) : SourceState
{
    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteNumber("next", Next);
        writer.WriteString("useless", new string('x', UselessBytes));
        writer.WriteEndObject();
    }
}

public sealed class FakeSourceConnector(FakeLog log) : ISourceConnector
{
    private int tables;

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T> => tables++;

    public IReadOnlyList<TableId> Tables => log.Table is { } table ? [table] : [];

    public TableId? TableOf(string nodeId) => log.Table;

    public ValueTask<IReadOnlyDictionary<TableId, TableId>> RenamedAsync(JsonElement state, CancellationToken cancellationToken) => new(log.Renamed);

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => new(new PreflightReport("fake", []));

    public ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken)
    {
        var next = context.State?.GetProperty("next").GetInt32() ?? 0;
        log.OpenedAt.Add(next);
        log.Asked.Add(context.Resnapshot);
        var grown = new Wakeup();
        log.Tell(grown);
        return new(new FakeReader(log, next, tables, context, grown));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Every table of the connection gets every item.</summary>
internal sealed class FakeReader(FakeLog log, int next, int tables, SourceOpenContext context, Wakeup grown) : ISourceReader
{
    public const int BytesPerItem = 100;

    public SourceProgress Progress => SourceProgress.None;

    public async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var items = log.Read(next);
            if (items.Length > 0)
            {
                return await MakeAsync(items, cancellationToken);
            }

            if (context.Boundedness == Boundedness.UntilCaughtUp)
            {
                return null;
            }

            await grown.WaitAsync(cancellationToken);
        }
    }

    public ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken)
    {
        if (log.FailConfirms.TryDequeue(out var failure))
        {
            throw failure;
        }

        log.Confirmed = ((FakeSourceState)state).Next;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<SourceRound> MakeAsync(Item[] items, CancellationToken cancellationToken)
    {
        var elements = new List<SourceElement>();
        for (var output = 0; output < tables; output++)
        {
            var batch = new ChangeBatch<Item>(items.Length) { Lease = await context.Budget.ReserveAsync(items.Length * BytesPerItem, cancellationToken) };
            for (var index = 0; index < items.Length; index++)
            {
                batch.Add(Change<Item>.Insert(items[index], new ChangeMetadata(Origin(next + index + 1), 0, 0)));
            }

            elements.Add(new SourceElement(output, batch));
        }

        next += items.Length;
        log.RoundsRead++;
        return new SourceRound(elements, new FakeSourceState(next, log.StateBytes));
    }

    private ChangeOrigin Origin(int transaction) =>
        new(new TableOrigin("fake", new TableId("", "items")), new SourceTransaction((ulong)transaction) { CommittedAt = log.CommittedAt });
}
