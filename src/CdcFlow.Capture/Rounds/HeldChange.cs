namespace CdcFlow.Capture.Rounds;

/// <summary>A decoded change that waits: in a chunk's window, or until its key is located.</summary>
internal abstract class HeldChange
{
    /// <summary>About how much memory it holds.</summary>
    internal required long Bytes { get; init; }

    /// <summary>Hands it over to its output.</summary>
    internal abstract void Emit();
}

/// <inheritdoc/>
internal sealed class HeldChange<T>(RoundBatch<T> output, Change<T> change) : HeldChange
    where T : class
{
    internal override void Emit() => output.Add(change, Bytes);
}

/// <summary>A change whose row does not fit the row type: an error once it is handed over.</summary>
internal sealed class MisfitChange(CdcFlowException misfit) : HeldChange
{
    internal override void Emit() => throw misfit;
}
