namespace CdcFlow.Sinks;

/// <summary>Of a <see cref="ISinkConnection"/> whose open transaction outlives its process and holds readers back: ends what a dead instance left open.</summary>
/// <remarks>Its attribute class says so by <see cref="SinkCapabilitiesAttribute.LeavesTransactions"/>, and the command line gives the system the
/// verb <c>{system} abort {pipeline}</c>.</remarks>
public interface IOrphanedTransactions
{
    /// <summary>Aborts every transaction of this pipeline that is open, by fencing its owner: an instance that still runs has to start anew.
    /// Called instead of <see cref="ISinkConnection.OpenAsync"/>, by the holder of the pipeline's lease unless its user forces it.</summary>
    /// <returns>What was fenced, for people.</returns>
    ValueTask<IReadOnlyList<string>> AbortAsync(CancellationToken cancellationToken);
}
