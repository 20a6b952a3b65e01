using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>One life of a source: a connector and its reader, driven as the runtime would.</summary>
internal sealed class SourceProcess : IAsyncDisposable
{
    /// <summary>The key of the account that <see cref="ReadToMarkAsync"/> inserts.</summary>
    public const long Mark = 1_000_000;

    private readonly SourcePlay play;
    private readonly ISourceConnector connector;
    private readonly Downstream downstream;
    private ISourceReader? reader;
    private bool isDisposed;

    private SourceProcess(SourcePlay play, Downstream downstream)
    {
        this.play = play;
        this.downstream = downstream;
        Budget = new MemoryBudget(play.BudgetBytes);
        connector = play.Connect();
    }

    public MemoryBudget Budget { get; }

    public SourceProgress Progress => reader!.Progress;

    /// <summary>Whether tables are still being read. While they are, another round is to come.</summary>
    public bool IsInSnapshot => Progress.Phase != SourcePhase.Streaming;

    public static async Task<SourceProcess> OpenAsync(SourcePlay play, Downstream downstream, Boundedness boundedness, ResnapshotRequest? resnapshot = null)
    {
        var process = new SourceProcess(play, downstream);
        try
        {
            await process.OpenAsync(downstream.State, boundedness, resnapshot);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes one round.</summary>
    /// <returns>False at the end of a bounded run.</returns>
    public Task<bool> ReadAsync() => ReadAsync(play.Cancellation);

    /// <inheritdoc cref="ReadAsync()"/>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // The source may ignore its token: then the check ends with the patience.
        var round = await reader!.ReadAsync(cancellationToken).AsTask().WaitAsync(play.Cancellation);
        if (round is not null)
        {
            downstream.Take(round, play.Tables);
        }

        return round is not null;
    }

    public async Task ReadToEndAsync()
    {
        play.Awaited = "come to the end of a bounded run";
        while (await ReadAsync())
        {
        }
    }

    /// <summary>Reads until something has come.</summary>
    public async Task ReadUntilAsync(string what, Func<bool> hasCome)
    {
        play.Awaited = $"hand over {what}";
        while (!hasCome())
        {
            Findings.Require(await ReadAsync(), () => $"The source ended before {what} came, in a run without an end.");
        }
    }

    /// <summary>Inserts an account after all that was written, and reads until it comes: all else has come before it then.</summary>
    public async Task ReadToMarkAsync()
    {
        await play.WriteAsync(Write.Insert(new Account(Mark, "mark", 0m, null)));
        await ReadUntilAsync("what was written last", () => downstream.Changes.Any(change => change.Key is Mark));
    }

    /// <summary>Proves a round's checkpoint durable, and tells the source.</summary>
    public async Task ConfirmAsync(SeenRound round)
    {
        play.Awaited = "take a confirmation";
        var checkpoint = new CheckpointRef(new Epoch(1), new CheckpointId(play.NextCheckpoint()));
        await reader!.ConfirmAsync(new DurableCheckpoint(checkpoint), round.Source, play.Cancellation);
    }

    /// <summary>The process dies here.</summary>
    public async Task KillAsync()
    {
        if (reader is { } dying)
        {
            reader = null;
            await play.Stand.KillAsync(dying);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (reader is { } closing)
        {
            reader = null;
            await closing.DisposeAsync();
        }

        if (!isDisposed)
        {
            isDisposed = true;
            await connector.DisposeAsync();
        }
    }

    private async Task OpenAsync(JsonElement? state, Boundedness boundedness, ResnapshotRequest? resnapshot)
    {
        play.Awaited = "open";
        var context = new SourceOpenContext(state, boundedness, Budget) { Store = SinkConformance.Store, Resnapshot = resnapshot };
        reader = await connector.OpenAsync(context, play.Cancellation).AsTask().WaitAsync(play.Cancellation);
    }
}
