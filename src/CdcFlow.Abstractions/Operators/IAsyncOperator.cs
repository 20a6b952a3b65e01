namespace CdcFlow.Operators;

/// <summary>An asynchronous node. Generated; may be written by hand.</summary>
/// <typeparam name="TIn">The row type of the input.</typeparam>
/// <typeparam name="TOut">The row type of the outputs: one, or one for each branch of a route that anything takes.</typeparam>
/// <remarks>Called concurrently for changes with different keys, up to the node's concurrency; never concurrently for one key.
/// The runtime puts each output back into input order. Truncates are passed on to every output without a call.</remarks>
public interface IAsyncOperator<TIn, TOut>
    where TIn : class
    where TOut : class
{
    /// <summary>The lane of a change: equal keys give equal hashes.</summary>
    int KeyHash(in Change<TIn> change);

    /// <summary>Processes one change; adds nothing, one or several changes to <paramref name="output"/>.</summary>
    ValueTask InvokeAsync(Change<TIn> change, AsyncCollector<TOut> output, CancellationToken cancellationToken);
}
