using System.Threading.Channels;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>The running source, as the runtime sees it: a queue of rounds that the log's reader fills.</summary>
internal sealed class PostgresSourceReader : ISourceReader
{
    private readonly SourceRun run;
    private readonly ChannelReader<SourceRound> rounds;

    internal PostgresSourceReader(SourceRun run, ChannelReader<SourceRound> rounds)
    {
        this.run = run;
        this.rounds = rounds;
    }

    public SourceProgress Progress => run.Log.Progress;

    public async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await rounds.WaitToReadAsync(cancellationToken))
        {
            if (rounds.TryRead(out var round))
            {
                return round;
            }
        }

        return null;
    }

    public ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken)
    {
        run.Confirm((PostgresSourceState)state);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await run.DisposeAsync();
}
