using System.Threading.Channels;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;

namespace CdcFlow.Capture.Rounds;

/// <summary>What stands behind a <see cref="CaptureReader"/>: the threads and connections of one run. Any thread.</summary>
internal interface ICaptureRun : IAsyncDisposable
{
    /// <summary>How far it is.</summary>
    SourceProgress Progress { get; }

    /// <summary>Lets the server forget the log up to a state whose checkpoint is committed.</summary>
    void Confirm(SourceState state);
}

/// <summary>The running source, as the runtime sees it: a queue of rounds that the log's reader fills.</summary>
internal sealed class CaptureReader(ICaptureRun run, ChannelReader<SourceRound> rounds) : ISourceReader
{
    public SourceProgress Progress => run.Progress;

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
        run.Confirm(state);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => run.DisposeAsync();
}
