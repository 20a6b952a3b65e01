using CdcFlow.Checkpointing.Stores;

namespace CdcFlow.Testing.Conformance;

/// <summary>What the author of a checkpoint store supplies to <see cref="CheckpointStoreConformance"/>: one empty place that keeps the checkpoints of one pipeline.</summary>
/// <remarks>Made anew for each check and disposed after it.</remarks>
public interface ICheckpointStoreTarget : IAsyncDisposable
{
    /// <summary>Opens the store, as a new process would. The pipeline's name is always <see cref="CheckpointStoreConformance.Pipeline"/>.</summary>
    ICheckpointStore Open();

    /// <summary>Lets time pass by the clock that leases expire by. A store whose clock cannot be moved waits.</summary>
    ValueTask PassAsync(TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Ends every instance as a loss of power would: what is not durable is gone. By default the instances merely end, without a word: right where the store is another machine's.</summary>
    ValueTask CutPowerAsync() => ValueTask.CompletedTask;
}
