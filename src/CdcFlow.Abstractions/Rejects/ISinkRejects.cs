namespace CdcFlow.Rejects;

/// <summary>Where a sink connection keeps the changes that were set aside before its sinks or by them.</summary>
/// <remarks>Called by the node that calls the connection, one call at a time; <see cref="ListAsync"/> instead of all others. What is added is committed with the checkpoint under way, or not at all, as the
/// connection's rows are.</remarks>
public interface ISinkRejects
{
    /// <summary>Changes of the sink may be set aside: the place is needed. Called before the preflight and the opening.</summary>
    /// <param name="sink">The sink's name.</param>
    /// <exception cref="CdcFlowException">The sink has no such place as it is set up.</exception>
    void Require(string sink);

    /// <summary>Keeps a change that one of the sinks lacks. Doing it again with the same change keeps it once, as far as the connection's rows are written once.</summary>
    /// <param name="sink">The sink that lacks it.</param>
    /// <param name="rejected">The change.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken);

    /// <summary>Reads back what was committed of this pipeline, without an opened connection and without changing anything: while an instance runs, too.</summary>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken);

    /// <summary>How many there are that <see cref="ListAsync"/> would read back if it were not bounded; as it, without changing anything.</summary>
    /// <returns>Null, the default, where that cannot be told.</returns>
    ValueTask<long?> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult<long?>(null);
}
