using System.Runtime.InteropServices;
using CdcFlow.Batches;

namespace CdcFlow.Operators;

/// <summary>Where an asynchronous operator puts what one change becomes: changes, each for one output of the node.</summary>
/// <typeparam name="T">The row type of the outputs.</typeparam>
/// <remarks>Belongs to one call of <see cref="IAsyncOperator{TIn, TOut}.InvokeAsync"/> until that has ended. Created by the runtime; a test may make its own.</remarks>
public sealed class AsyncCollector<T>
    where T : class
{
    private readonly List<(int Output, Change<T> Change)> collected = [];

    /// <summary>Adds a change to the node's only output.</summary>
    public void Add(in Change<T> change) => Add(0, change);

    /// <summary>Adds a change to one of the node's outputs.</summary>
    /// <param name="output">The output's index, from 0.</param>
    /// <param name="change">The change.</param>
    public void Add(int output, in Change<T> change) => collected.Add((output, change));

    /// <summary>Forgets what was added: the change failed half way.</summary>
    public void Clear() => collected.Clear();

    /// <summary>Moves what was added to the batches of the outputs, in order; a batch that is missing is made.</summary>
    /// <param name="outputs">One place for each output of the node.</param>
    public void MoveTo(Span<ChangeBatch<T>?> outputs)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(collected))
        {
            (outputs[entry.Output] ??= new ChangeBatch<T>()).Add(entry.Change);
        }

        collected.Clear();
    }
}
