using CdcFlow.Checkpointing;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Observation;

/// <summary>Passes on what happens: to the log, the status and the metrics.</summary>
internal sealed class HostObserver(HostedPipeline pipeline) : IPipelineObserver
{
    private readonly RejectReport rejects = new(pipeline.Log, () => pipeline.Runner.Nodes);
    private DateTimeOffset? toldAwaySince;

    private string Name => pipeline.Graph.Name;

    public void Checked(IReadOnlyList<PreflightReport> reports)
    {
        foreach (var report in reports)
        {
            foreach (var check in report.Checks.Where(check => check.Status == PreflightStatus.Warning))
            {
                Log.PreflightWarning(pipeline.Log, check.Code, report.Subject, check.Sentence, check.Fix);
            }
        }
    }

    public void GraphChanged(CheckpointRef restored) => Log.GraphChanged(pipeline.Log, CheckpointErrorCodes.GraphChanged, Name, restored);

    public void Noted(string sentence) => Log.Noted(pipeline.Log, Name, sentence);

    public void SinksAdopted(StoreId store, IReadOnlyList<string> connections) =>
        Log.SinksAdopted(pipeline.Log, CheckpointErrorCodes.SinksAdopted, Name, string.Join(", ", connections), store);

    public void WaitingForLease(CdcFlowException held, TimeSpan waitMax) => Log.WaitingForLease(pipeline.Log, held.Code, held.Happened, waitMax);

    public void Started(Epoch epoch, CheckpointRef? restored)
    {
        pipeline.Status.Start();
        if (restored is { } checkpoint)
        {
            Log.Restored(pipeline.Log, Name, checkpoint, epoch);
        }
        else
        {
            Log.StartedAfresh(pipeline.Log, Name, epoch);
        }
    }

    public void CheckpointEnded(CheckpointReport report)
    {
        pipeline.Status.Checkpoint(report);
        pipeline.Metrics.Checkpoint(report);
        rejects.Tell();
        if (report.Outcome == CheckpointOutcome.Committed)
        {
            Log.CheckpointCommitted(pipeline.Log, report.Checkpoint, report.Duration, report.StateBytes);
        }
        else
        {
            Log.CheckpointAborted(pipeline.Log, report.Checkpoint, report.Duration);
        }
    }

    public void Restarting(Exception cause, TimeSpan pause)
    {
        pipeline.Status.Restart(cause);
        pipeline.Metrics.Restart();
        Log.Restarting(pipeline.Log, Name, pause, FailureText.Of(cause));
        Log.FaultInFull(pipeline.Log, Name, cause);
    }

    public void Waiting(Exception cause, DateTimeOffset since, TimeSpan waitMax)
    {
        pipeline.Status.Wait(cause);
        if (since != toldAwaySince)
        {
            toldAwaySince = since;
            Log.Waiting(pipeline.Log, Name, since.UtcDateTime, waitMax, FailureText.Of(cause));
            Log.FaultInFull(pipeline.Log, Name, cause);
        }
    }

    public void TeardownFailed(Exception exception)
    {
        Log.TeardownFailed(pipeline.Log, Name, FailureText.Of(exception));
        Log.FaultInFull(pipeline.Log, Name, exception);
    }

    public void Stopped(Exception? error)
    {
        rejects.Tell();
        if (error is null && pipeline.Status is { Phase: PipelinePhase.Restarting, Error: { } cause })
        {
            pipeline.Status.End();
            Log.StoppedInPause(pipeline.Log, Name, FailureText.Of(cause));
        }
        else if (error is null)
        {
            pipeline.Status.End();
            Log.Ended(pipeline.Log, Name, pipeline.Status.LastCheckpoint?.Checkpoint.ToString() ?? "none");
        }
        else
        {
            pipeline.Status.Fail(error);
            Log.Failed(pipeline.Log, Name, FailureText.Of(error));
            Log.FaultInFull(pipeline.Log, Name, error);
        }
    }
}
