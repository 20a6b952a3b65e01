namespace CdcFlow.Capture.Tests;

/// <summary>Which of the rules a run leaves out, to see that leaving it out is found.</summary>
public enum HandOverDefect
{
    None,

    /// <summary>Transactions are delivered as the log gives them, seen or not.</summary>
    NoGate,

    /// <summary>The log position before the read stands for what the snapshot shows (low/high watermarks).</summary>
    LowWatermark,

    /// <summary>Rows are handed over without waiting for the log.</summary>
    NoHighWatermark,

    /// <summary>The chunk is marked as begun only after its snapshot was taken.</summary>
    StartAfterSnapshot,
}

/// <summary>One random schedule of a table's snapshot beside its log: writers, lagging visibility, two chunk readers, crashes.</summary>
internal sealed class HandOverSimulation(int seed, HandOverDefect defect)
{
    private const int Keys = 12;
    private const int Steps = 250;
    private const int Readers = 2;

    private readonly Random random = new(seed);
    private readonly ModelDatabase database = new();
    private readonly List<ModelChange> output = [];
    private readonly List<Reading> readings = [];
    private ChunkReconciler<List<ModelChange>, ModelChange> table = new(null);
    private VisibilityGate gate = new();
    private ulong delivered;
    private int nextValue = 1;
    private (int Output, ulong Delivered, ChunkKey? Frontier, bool IsComplete) checkpoint;

    internal IReadOnlyList<ModelChange> Output => output;

    internal int Crashes { get; private set; }

    /// <summary>Runs to the end: writers stop, all becomes visible, the table completes and the log is drained.</summary>
    internal void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Step(random.Next(100));
        }

        foreach (var transaction in database.Invisible.ToArray())
        {
            database.Show(transaction);
        }

        for (var step = 0; !(table.IsComplete && delivered == database.End); step++)
        {
            Assert.True(step < 10_000, $"seed {seed}: the snapshot never completes");
            Step(random.Next(40, 99));
        }
    }

    internal SortedDictionary<int, int> FinalTable() => database.Rows(database.Snapshot());

    private void Step(int dice)
    {
        switch (dice)
        {
            case < 25: Write(); break;
            case < 40: ShowOne(); break;
            case < 60: Deliver(); break;
            case < 68: Plan(); break;
            case < 76: StartReading(); break;
            case < 84: TakeSnapshot(); break;
            case < 90: FinishReading(); break;
            case < 95: Emit(); break;
            case < 97: checkpoint = (output.Count, delivered, table.Frontier, table.IsComplete); break;
            case < 98: SplitReading(); break;
            case < 99: break;
            default: Crash(); break;
        }
    }

    private void Write()
    {
        if (random.Next(60) == 0 && !database.AnyLocked)
        {
            database.Commit([new ModelChange(0, null, IsTruncate: true)]);
            return;
        }

        var keys = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(Keys)).Distinct().Where(key => !database.IsLocked(key)).ToArray();
        if (keys.Length > 0)
        {
            database.Commit([.. keys.Select(key => new ModelChange(key, random.Next(4) == 0 ? null : nextValue++))]);
        }
    }

    private void ShowOne()
    {
        var hidden = database.Invisible.ToArray();
        if (hidden.Length > 0)
        {
            database.Show(hidden[random.Next(hidden.Length)]);
        }
    }

    private void Deliver()
    {
        if (delivered == database.End)
        {
            return;
        }

        var transaction = database.Log[(int)delivered];
        if (defect != HandOverDefect.NoGate && !table.IsComplete && !gate.Admits(transaction.Id))
        {
            gate.Observe(database.Snapshot());
            return;
        }

        foreach (var change in transaction.Changes)
        {
            Route(transaction, change);
        }

        delivered = transaction.Id;
    }

    private void Route(ModelTransaction transaction, ModelChange change)
    {
        if (change.IsTruncate)
        {
            table.Truncate(transaction.Id);
            output.Add(change);
            return;
        }

        var below = table.Bounds.Count(bound => ModelKeys.Value(bound) < change.Key);
        switch (table.Route(below, out var chunk))
        {
            case ChangeRoute.Emit: output.Add(change); break;
            case ChangeRoute.Hold: chunk!.Hold(transaction.Id, change); break;
            default: break;
        }
    }

    private void Plan()
    {
        if (table.NeedsPlanning && table.Chunks.Count < Readers + 1)
        {
            var after = table.PlannedUpTo is { } bound ? ModelKeys.Value(bound) : -1;
            var upTo = after + random.Next(1, 5);
            table.Plan(upTo >= Keys - 1 ? null : ModelKeys.Key(upTo));
        }
    }

    private void StartReading()
    {
        var chunk = table.Chunks.FirstOrDefault(candidate => candidate.Phase == ChunkPhase.Planned && readings.All(reading => reading.Chunk != candidate));
        if (chunk is not null && readings.Count < Readers)
        {
            readings.Add(new Reading(chunk));
            if (defect != HandOverDefect.StartAfterSnapshot)
            {
                table.Start(chunk);
            }
        }
    }

    private void TakeSnapshot()
    {
        if (readings.FirstOrDefault(candidate => candidate.Seen is null) is { } reading)
        {
            var seen = database.Snapshot();
            reading.Rows = [.. database.Rows(seen).Where(row => Contains(reading.Chunk.Range, row.Key)).Select(row => new ModelChange(row.Key, row.Value, IsRead: true))];
            reading.Seen = defect == HandOverDefect.LowWatermark ? new BelowLowWatermark(database.End) : seen;
            reading.High = defect == HandOverDefect.NoHighWatermark ? 0 : database.End;
        }
    }

    private void FinishReading()
    {
        if (readings.FirstOrDefault(candidate => candidate.Seen is not null) is { } reading)
        {
            readings.Remove(reading);
            if (defect == HandOverDefect.StartAfterSnapshot)
            {
                table.Start(reading.Chunk);
            }

            table.Complete(reading.Chunk, reading.Rows, reading.Seen!, reading.High);
            gate.Observe(defect == HandOverDefect.LowWatermark ? database.Snapshot() : reading.Seen!);
        }
    }

    private void SplitReading()
    {
        var reading = readings.FirstOrDefault(candidate => candidate.Rows.Count > 1 && candidate.Chunk.Phase == ChunkPhase.InFlight);
        if (reading is not null)
        {
            readings.Remove(reading);
            table.Split(reading.Chunk, ModelKeys.Key(reading.Rows[0].Key));
        }
    }

    private void Emit()
    {
        if (table.TryEmit(delivered) is { } emission)
        {
            output.AddRange(emission.IsEmptied ? [] : emission.Rows);
            output.AddRange(emission.Changes);
        }
    }

    private void Crash()
    {
        Crashes++;
        output.RemoveRange(checkpoint.Output, output.Count - checkpoint.Output);
        readings.Clear();
        gate = new VisibilityGate();
        delivered = checkpoint.Delivered;
        table = new ChunkReconciler<List<ModelChange>, ModelChange>(checkpoint.Frontier);
        if (checkpoint.IsComplete)
        {
            table = ChunkReconciler<List<ModelChange>, ModelChange>.Completed();
        }
    }

    private static bool Contains(ChunkRange range, int key) =>
        (range.After is null || key > ModelKeys.Value(range.After)) && (range.UpTo is null || key <= ModelKeys.Value(range.UpTo));

    private sealed class Reading(Chunk<List<ModelChange>, ModelChange> chunk)
    {
        internal Chunk<List<ModelChange>, ModelChange> Chunk { get; } = chunk;

        internal ISeenTransactions? Seen { get; set; }

        internal List<ModelChange> Rows { get; set; } = [];

        internal ulong High { get; set; }
    }
}
