using CdcFlow.Sources;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>What a check plays on: a stand, the lives of one source, and what came downstream.</summary>
internal sealed class SourcePlay(ISourceStand stand, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<SourceProcess> processes = [];
    private long checkpoints;

    public ISourceStand Stand { get; } = stand;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>What the source is to do now; the end of a finding's sentence.</summary>
    public string Awaited { get; set; } = "";

    public StandOptions Options { get; set; } = new(Startup.Initial, ChunkRows: 4);

    public long BudgetBytes { get; set; } = 64 << 20;

    /// <summary>The tables that are read; output n is the table n.</summary>
    public IReadOnlyList<StandTable> Tables { get; set; } = [StandTable.Accounts];

    public Downstream Downstream { get; private set; } = new();

    public long NextCheckpoint() => ++checkpoints;

    /// <summary>No checkpoint was made, and nothing that came is kept.</summary>
    public void Forget() => Downstream = new Downstream();

    /// <summary>A connector with the tables added.</summary>
    public ISourceConnector Connect()
    {
        var connector = Stand.Connect(Options);
        foreach (var table in Tables)
        {
            table.AddTo(connector, Stand.Source(table, Options));
        }

        return connector;
    }

    /// <summary>Writes one transaction.</summary>
    public async Task WriteAsync(params IReadOnlyList<RowOperation> operations) => await Stand.ApplyAsync(operations, Cancellation);

    /// <summary>Starts a life at the last round's state.</summary>
    public Task<SourceProcess> OpenAsync(Boundedness boundedness = Boundedness.Continuous, ResnapshotRequest? resnapshot = null) =>
        OpenAsync(Downstream, boundedness, resnapshot);

    /// <summary>Starts a life that has read all tables already.</summary>
    public async Task<SourceProcess> OpenStreamingAsync()
    {
        var process = await OpenAsync(Boundedness.UntilCaughtUp);
        await process.ReadToEndAsync();
        await KillAsync();
        Findings.Require(Downstream.State is not null, () => "A first bounded run came to its end and handed over no state: a second one could not go on from there.");
        return await OpenAsync();
    }

    /// <summary>Ends all lives; then another one reads all there is, and downstream is to be as the tables are.</summary>
    public async Task FinishAsync(string moment)
    {
        await KillAsync();
        await using var last = await OpenAsync(Boundedness.UntilCaughtUp);
        await last.ReadToEndAsync();
        await RequireTablesAsync(Downstream, moment);
    }

    /// <summary>As <see cref="FinishAsync"/>, from an earlier round's state, as if all that came later had never happened.</summary>
    /// <remarks>From round to round only upwards: a start from a state shows that its checkpoint is durable, and what lies before it may be forgotten.</remarks>
    public async Task FinishFromAsync(int round, string moment)
    {
        await KillAsync();
        var earlier = Downstream.Until(round);
        await using var last = await OpenAsync(earlier, Boundedness.UntilCaughtUp, resnapshot: null);
        await last.ReadToEndAsync();
        await RequireTablesAsync(earlier, moment);
    }

    /// <summary>Holds that downstream is what the tables are.</summary>
    public Task RequireTablesAsync(string moment) => RequireTablesAsync(Downstream, moment);

    /// <summary>All lives end, as by kill -9.</summary>
    public async Task KillAsync()
    {
        foreach (var process in processes)
        {
            await process.KillAsync();
            await process.DisposeAsync();
        }

        processes.Clear();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<SourceProcess> OpenAsync(Downstream downstream, Boundedness boundedness, ResnapshotRequest? resnapshot)
    {
        var process = await SourceProcess.OpenAsync(this, downstream, boundedness, resnapshot);
        processes.Add(process);
        return process;
    }

    private async Task RequireTablesAsync(Downstream downstream, string moment)
    {
        var fold = SourceFold.Of(downstream);
        foreach (var table in Tables)
        {
            var wanted = (await Stand.ReadAsync(table, Cancellation)).Select(RowText.Of).Order(StringComparer.Ordinal).ToList();
            var came = fold.RowsOf(table).Order(StringComparer.Ordinal).ToList();
            Findings.Require(wanted.SequenceEqual(came), () =>
                $"{moment}, {table} has {wanted.Count} rows and {came.Count} came. Missing: {Sample(wanted.Except(came))}. Not expected: {Sample(came.Except(wanted))}.");
        }
    }

    private static string Sample(IEnumerable<string> rows) => rows.Take(3).ToList() is { Count: > 0 } some ? string.Join(" ", some) : "none";
}
