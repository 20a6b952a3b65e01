namespace CdcFlow.Checkpoints;

/// <summary>Names one checkpoint exactly: a paused instance and its successor may both prepare the same number with different cuts.</summary>
/// <param name="Epoch">The instance that made it.</param>
/// <param name="Id">Its number.</param>
public readonly record struct CheckpointRef(Epoch Epoch, CheckpointId Id)
{
    /// <summary><c>id@epoch</c>.</summary>
    public override string ToString() => $"{Id}@{Epoch}";
}
