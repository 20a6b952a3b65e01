using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources;
using ConformanceAccount = CdcFlow.Testing.Conformance.Rows.Account;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>A database in memory. What was committed before somebody first connects is in the tables only, and no longer in the log.</summary>
internal sealed class InMemorySourceStand : ISourceStand
{
    private readonly InMemoryDatabase database = new();
    private bool isConnected;

    public InMemorySourceStand() =>
        database.EndSnapshot<ConformanceAccount>().EndSnapshot<Place>().EndSnapshot<EveryType>();

    public static SourceTraits Traits =>
        SourceTraits.Truncate | SourceTraits.SchemaChanges | SourceTraits.Rollback | SourceTraits.DelayedVisibility | SourceTraits.LogLoss | SourceTraits.Latest | SourceTraits.SnapshotOnly;

    /// <summary>Whether commits are in the log and not visible.</summary>
    public bool IsVisibilityDelayed { get; private set; }

    public ISourceConnector Connect(StandOptions options) => Connect(options, SourceConformance.Pipeline);

    public ISourceConnector Connect(StandOptions options, string reader)
    {
        if (!isConnected)
        {
            isConnected = true;
            database.LoseLog();
        }

        return new InMemorySourceConnector(
            "memory", reader, database, new InMemorySourceOptions(options.Startup, options.ChunkRows, RoundChanges: 50, Interleaves: true), process: null);
    }

    public CdcSourceAttribute Source(StandTable table, StandOptions options) => new InMemorySourceAttribute("memory");

    public ValueTask ApplyAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken)
    {
        database.Transaction(transaction => transaction.Events.AddRange(operations.Select(operation =>
            new LoggedEvent(operation.Table.RowType, operation.Operation, operation.Before?.Row, operation.After?.Row, Columns: null))));
        return ValueTask.CompletedTask;
    }

    public ValueTask RollBackAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken) => ValueTask.CompletedTask; // what is not committed never was

    public ValueTask AddColumnAsync(StandTable table, string column, CancellationToken cancellationToken)
    {
        string[] columns = [.. table.Schema.Columns.Select(known => $"{known.Name.Replace(' ', '_')} text"), $"{column} text"];
        database.Transaction(transaction => transaction.Events.Add(new LoggedEvent(table.RowType, null, null, null, columns)));
        return ValueTask.CompletedTask;
    }

    /// <summary>A chunk is read as of what was delivered of the log, so nothing of the log is ever invisible to it.</summary>
    public ValueTask<IAsyncDisposable> DelayVisibilityAsync(CancellationToken cancellationToken)
    {
        IsVisibilityDelayed = true;
        return ValueTask.FromResult<IAsyncDisposable>(new Delay(this));
    }

    public ValueTask LoseLogAsync(CancellationToken cancellationToken)
    {
        database.LoseLog();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<object?[]>> ReadAsync(StandTable table, CancellationToken cancellationToken)
    {
        IEnumerable<object> rows =
            table == StandTable.Accounts ? database.Rows<ConformanceAccount>(row => row.Id).Values
            : table == StandTable.Places ? database.Rows<Place>(PlaceCodec.Key).Values
            : database.Rows<EveryType>(EveryTypeCodec.Key).Values;
        return ValueTask.FromResult<IReadOnlyList<object?[]>>([.. rows.Select(row => table.RowOf(row).Values.ToArray())]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Delay(InMemorySourceStand stand) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            stand.IsVisibilityDelayed = false;
            return ValueTask.CompletedTask;
        }
    }
}
