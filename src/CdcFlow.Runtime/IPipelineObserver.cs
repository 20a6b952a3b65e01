using CdcFlow.Checkpoints;
using CdcFlow.Configuration;

namespace CdcFlow.Runtime;

/// <summary>Is told what happens to a pipeline: for logs, health and tests. Rows are counted by metrics, not told.</summary>
/// <remarks>Called by the runner's own loop, one call at a time; what it throws ends the pipeline.</remarks>
public interface IPipelineObserver
{
    /// <summary>The connectors were checked, before the first attempt.</summary>
    void Checked(IReadOnlyList<PreflightReport> reports)
    {
    }

    /// <summary>The checkpoint to go on from, of a version that did not keep the pipeline's definition, was made by another graph of the pipeline: what it delivered stays as
    /// that one made it.</summary>
    void GraphChanged(CheckpointRef restored)
    {
    }

    /// <summary>Something that a person may like to know, and need do nothing about: a sentence.</summary>
    void Noted(string sentence)
    {
    }

    /// <summary>Markers that version 0.1 wrote name no store: the sinks are this pipeline's store's from now on, and a start with another store is refused.</summary>
    /// <param name="store">The store.</param>
    /// <param name="connections">The sinks.</param>
    void SinksAdopted(StoreId store, IReadOnlyList<string> connections)
    {
    }

    /// <summary>Another instance holds the lease, and may be dead: it is waited for.</summary>
    /// <param name="held">Who holds it.</param>
    /// <param name="waitMax">For how long.</param>
    void WaitingForLease(CdcFlowException held, TimeSpan waitMax)
    {
    }

    /// <summary>An attempt has restored its state, and its sources begin to read.</summary>
    /// <param name="epoch">The attempt's epoch.</param>
    /// <param name="restored">The checkpoint that it goes on from; null on a fresh start.</param>
    void Started(Epoch epoch, CheckpointRef? restored)
    {
    }

    /// <summary>A checkpoint has ended, committed or given up.</summary>
    void CheckpointEnded(CheckpointReport report)
    {
    }

    /// <summary>An attempt has failed and the next begins after a pause.</summary>
    void Restarting(Exception cause, TimeSpan pause)
    {
    }

    /// <summary>An attempt could not begin, because something that the pipeline needs cannot be reached; it is tried again. Told of each attempt.</summary>
    /// <param name="cause">What is away.</param>
    /// <param name="since">Since when: the same over all attempts of one absence.</param>
    /// <param name="waitMax">For how long it is waited for.</param>
    void Waiting(Exception cause, DateTimeOffset since, TimeSpan waitMax)
    {
    }

    /// <summary>Something failed while a failed attempt was taken down; the attempt's own error is told by <see cref="Restarting"/> or <see cref="Stopped"/>.</summary>
    void TeardownFailed(Exception exception)
    {
    }

    /// <summary>The pipeline has ended.</summary>
    /// <param name="error">Why, unless it was asked to or has read all.</param>
    void Stopped(Exception? error)
    {
    }
}

/// <summary>Observers that are at hand.</summary>
public static class PipelineObserver
{
    /// <summary>Listens to nothing.</summary>
    public static IPipelineObserver None { get; } = new Silent();

    private sealed class Silent : IPipelineObserver;
}
