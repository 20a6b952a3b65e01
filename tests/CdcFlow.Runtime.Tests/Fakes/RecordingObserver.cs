using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>Keeps what it is told.</summary>
public sealed class RecordingObserver : IPipelineObserver
{
    public List<CheckpointRef?> Started { get; } = [];

    public List<CheckpointRef> GraphChanges { get; } = [];

    public List<string> Notes { get; } = [];

    public List<Exception> Restarts { get; } = [];

    public List<CheckpointReport> Checkpoints { get; } = [];

    public List<Epoch> Epochs { get; } = [];

    public List<CdcFlowException> LeaseWaits { get; } = [];

    void IPipelineObserver.Started(Epoch epoch, CheckpointRef? restored)
    {
        Started.Add(restored);
        Epochs.Add(epoch);
    }

    void IPipelineObserver.WaitingForLease(CdcFlowException held, TimeSpan waitMax) => LeaseWaits.Add(held);

    void IPipelineObserver.GraphChanged(CheckpointRef restored) => GraphChanges.Add(restored);

    void IPipelineObserver.Noted(string sentence) => Notes.Add(sentence);

    void IPipelineObserver.Restarting(Exception cause, TimeSpan pause) => Restarts.Add(cause);

    public List<DateTimeOffset> Waits { get; } = [];

    void IPipelineObserver.Waiting(Exception cause, DateTimeOffset since, TimeSpan waitMax) => Waits.Add(since);

    void IPipelineObserver.CheckpointEnded(CheckpointReport report) => Checkpoints.Add(report);

    void IPipelineObserver.TeardownFailed(Exception exception) => throw exception;
}
