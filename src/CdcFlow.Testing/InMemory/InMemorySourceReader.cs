using System.Globalization;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Reads initial rows in chunks and the log at the same time.</summary>
/// <remarks>
/// A chunk is read at a transaction boundary, as the rows are after the last transaction handed over; log events of rows that no chunk has
/// read yet are left out, since the chunk will show their result. So each key appears once as a read and then only with later changes.
/// </remarks>
internal sealed class InMemorySourceReader(
    string connection, string reader, InMemoryDatabase database, IReadOnlyList<InMemoryTable> tables, InMemorySourceOptions options,
    InMemorySourceState state, SourceOpenContext context, SimulatedProcess? process) : ISourceReader
{
    // Roughly what one change of a test keeps alive; only the order of magnitude matters to the budget.
    private const long BytesPerChange = 128;

    private readonly int session = database.TakeOver(reader);
    private readonly ulong headAtOpen = database.Head;
    private InMemorySourceState state = state;
    private bool chunkIsNext = true;

    // On a first start the place where reading begins is handed over by itself: a checkpoint before the first change must know it.
    private bool isPlaceKnown = context.State is not null;

    public SourceProgress Progress => new(
        tables.All(IsComplete) ? SourcePhase.Streaming : SourcePhase.Snapshot,
        [.. tables.Select(table => new TableProgress(new TableId("", table.Name), table.Rows, null, IsComplete(table)))],
        state.Last.ToString(), LagBytes: state.LastWhole == database.Head ? 0 : null, LastCommit: database.Read(state.LastWhole)?.CommittedAt);

    /// <summary>The last change read, out of what <see cref="Progress"/> says.</summary>
    public static SourceOffset OffsetOf(SourceProgress progress)
    {
        var parts = progress.Position.Split('/');
        return new SourceOffset(
            ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture),
            short.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seen = database.Version;
            await StepAsync("read");
            if (isPlaceKnown && HasEnded())
            {
                return null;
            }

            if (await TryReadAsync(cancellationToken) is { } round)
            {
                return round;
            }

            await database.WhenChangedAsync(seen, cancellationToken);
        }
    }

    public async ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState confirmed, CancellationToken cancellationToken)
    {
        await StepAsync("confirm");
        database.Confirm(reader, session, ((InMemorySourceState)confirmed).LastWhole);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsComplete(InMemoryTable table) => table.RowsRead == InMemorySourceState.Complete;

    private async ValueTask StepAsync(string name)
    {
        if (process is not null)
        {
            await process.StepAsync($"source {connection}: {name}");
        }

        database.ThrowIfReplaced(reader, session);
    }

    private async ValueTask<SourceRound?> TryReadAsync(CancellationToken cancellationToken)
    {
        var first = chunkIsNext ? TryReadChunk() || TryReadLog() : TryReadLog() || TryReadChunk();
        chunkIsNext = !options.Interleaves || !chunkIsNext;
        if (!CompleteTables() && !first && isPlaceKnown)
        {
            return null;
        }

        isPlaceKnown = true;
        state = state with { RowsRead = tables.DistinctBy(table => table.Name).ToDictionary(table => table.Name, table => table.RowsRead) };
        var elements = new List<SourceElement>();
        for (var output = 0; output < tables.Count; output++)
        {
            elements.AddRange(tables[output].Take().Select(element => new SourceElement(output, element)));
        }

        foreach (var batch in elements.Select(element => element.Element).OfType<ChangeBatch>())
        {
            batch.Lease = await context.Budget.ReserveAsync(batch.Count * BytesPerChange, cancellationToken);
        }

        return new SourceRound(elements, state);
    }

    private bool TryReadChunk()
    {
        if (!state.IsWhole)
        {
            return false;
        }

        var left = options.ChunkRows;
        foreach (var table in tables)
        {
            left -= left > 0 ? table.AddChunk(connection, state.LastWhole, left, process?.Time.GetUtcNow() ?? TimeProvider.System.GetUtcNow()) : 0;
        }

        return left < options.ChunkRows;
    }

    private bool CompleteTables()
    {
        var completed = false;
        foreach (var table in tables)
        {
            completed |= !IsComplete(table) && table.TryComplete();
        }

        return completed;
    }

    /// <summary>Hands over the rest of the current transaction or the next one, as far as the round takes it.</summary>
    private bool TryReadLog()
    {
        if (options.Startup == Startup.SnapshotOnly || database.Read(state.LastWhole + 1) is not { } transaction)
        {
            return false;
        }

        var left = options.RoundChanges;
        for (var index = state.IsWhole ? 0 : state.Last.Event; index < transaction.Events.Count; index++)
        {
            var logged = transaction.Events[index];
            var readers = tables.Where(table => table.Has(logged)).ToList();
            var changes = readers.Count == 0 ? (short)0 : readers[0].ChangesOf(logged);
            for (var row = (short)(IsWithin(index) ? state.Last.Row + 1 : 0); row < changes; row++)
            {
                if (left-- == 0)
                {
                    return true;
                }

                readers.ForEach(table => table.Add(logged, transaction, connection, index, row));
                state = state with { Last = new SourceOffset(transaction.Number, index, row), IsWhole = false };
            }
        }

        state = state with { Last = state.Last with { Transaction = transaction.Number }, IsWhole = true };
        return true;
    }

    private bool IsWithin(int index) => !state.IsWhole && state.Last.Event == index;

    private bool HasEnded() =>
        tables.All(IsComplete)
        && (options.Startup == Startup.SnapshotOnly || (context.Boundedness == Boundedness.UntilCaughtUp && state.LastWhole >= headAtOpen));
}
