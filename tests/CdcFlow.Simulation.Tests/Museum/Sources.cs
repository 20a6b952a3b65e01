using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Museum;

/// <summary>Confirms what it has handed over, before any sink has committed it (flink-cdc#2538, DBZ-7816).</summary>
internal sealed class ConfirmsWhatIsRead(ISourceConnector inner) : SourceShell(inner)
{
    public override async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
    {
        var round = await base.ReadAsync(cancellationToken);
        if (round is not null)
        {
            await base.ConfirmAsync(null!, round.State, cancellationToken);
        }

        return round;
    }
}

/// <summary>Confirms the transaction that it stands inside of as a whole (SeaTunnel#11864).</summary>
internal sealed class ConfirmsInsideTransaction(ISourceConnector inner) : SourceShell(inner)
{
    public override ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken) =>
        base.ConfirmAsync(checkpoint, (InMemorySourceState)state with { IsWhole = true }, cancellationToken);
}

/// <summary>Says that the next chunk is read, too: its rows cross the barrier (flink-cdc#1505).</summary>
internal sealed class CountsChunksBeforeTheyAreOut(ISourceConnector inner) : SourceShell(inner)
{
    public override async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken) =>
        await base.ReadAsync(cancellationToken) is { State: InMemorySourceState state } round
            ? round with { State = state with { RowsRead = state.RowsRead.ToDictionary(table => table.Key, table => table.Value < 0 ? -1 : Math.Min(table.Value + 1, 3)) } }
            : null;
}

/// <summary>A source that reads its own state wrongly.</summary>
internal abstract class MisreadsItsState(ISourceConnector inner) : SourceShell(inner)
{
    public override ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken) =>
        base.OpenAsync(context with { State = context.State is { } json ? Write(Misread(InMemorySourceState.Parse(json))) : null }, cancellationToken);

    protected abstract InMemorySourceState Misread(InMemorySourceState state);

    private static JsonElement Write(InMemorySourceState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            state.WriteTo(writer);
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}

/// <summary>Compares offsets without the row index: goes on with the next event, though half of one is out (FLINK-38531).</summary>
internal sealed class IgnoresTheRowIndex(ISourceConnector inner) : MisreadsItsState(inner)
{
    protected override InMemorySourceState Misread(InMemorySourceState state) => state.IsWhole ? state : state with { Last = state.Last with { Row = (short)(state.Last.Row + 1) } };
}

/// <summary>Takes a transaction that was cut as handed over (DBZ-9149, dbz#1554).</summary>
internal sealed class ForgetsTheRestOfATransaction(ISourceConnector inner) : MisreadsItsState(inner)
{
    protected override InMemorySourceState Misread(InMemorySourceState state) => state with { IsWhole = true };
}

/// <summary>Goes on one transaction too early: what its state says was handed over comes again (DBZ-1276).</summary>
internal sealed class RepeatsATransaction(ISourceConnector inner) : MisreadsItsState(inner)
{
    protected override InMemorySourceState Misread(InMemorySourceState state) =>
        state.IsWhole && state.Last.Transaction > 0 ? state with { Last = state.Last with { Transaction = state.Last.Transaction - 1 } } : state;
}
