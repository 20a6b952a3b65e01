using System.Reflection;
using CdcFlow.Batches;
using CdcFlow.Operators;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>Runs one generated stage of a compiled pipeline over changes made by hand.</summary>
internal static class StageRun
{
    private static readonly ChangeOrigin origin = new(new TableOrigin("shop", new TableId("public", "orders")), new SourceTransaction(7));

    public static ChangeMetadata Meta { get; } = new(origin, 3, 0);

    /// <summary>What the stage's one output gives for <paramref name="changes"/>.</summary>
    public static List<Change<TOut>> Of<TPipeline, TIn, TOut>(string stage, params Change<TIn>[] changes)
        where TIn : class
        where TOut : class
    {
        var output = new BatchCollector<TOut>();
        Run<TPipeline, TIn>(stage, changes, output);
        return Drain(output);
    }

    /// <summary>Runs a stage with its collectors, in the order of its constructor; it stops at the first failure.</summary>
    public static void Run<TPipeline, TIn>(string stage, IEnumerable<Change<TIn>> changes, params object[] arguments)
        where TIn : class => Run<TPipeline, TIn>(stage, changes, new Stopping(), arguments);

    /// <summary>The same with what takes its failures.</summary>
    public static void Run<TPipeline, TIn>(string stage, IEnumerable<Change<TIn>> changes, INodeFailures failures, object[] arguments)
        where TIn : class
    {
        var type = typeof(TPipeline).GetNestedType(stage, BindingFlags.NonPublic) ?? throw new ArgumentException($"There is no stage {stage}.");
        var operation = (IBatchOperator<TIn>)Activator.CreateInstance(type, [.. arguments, failures])!;
        var batch = new ChangeBatch<TIn>();
        foreach (var change in changes)
        {
            batch.Add(change);
        }

        operation.Process(batch);
        batch.Release();
    }

    /// <summary>The operator of an asynchronous node.</summary>
    public static IAsyncOperator<TIn, TOut> Operator<TPipeline, TIn, TOut>(string name, params object[] arguments)
        where TIn : class
        where TOut : class =>
        (IAsyncOperator<TIn, TOut>)Activator.CreateInstance(typeof(TPipeline).GetNestedType(name, BindingFlags.NonPublic)!, arguments)!;

    /// <summary>What an asynchronous node with one output gives for a change.</summary>
    public static async Task<List<Change<TOut>>> InvokeAsync<TPipeline, TIn, TOut>(string name, Change<TIn> change, params object[] arguments)
        where TIn : class
        where TOut : class => (await InvokeAsync<TPipeline, TIn, TOut>(name, 1, change, arguments))[0];

    /// <summary>What an asynchronous node gives each of its outputs for a change.</summary>
    public static async Task<List<Change<TOut>>[]> InvokeAsync<TPipeline, TIn, TOut>(string name, int outputs, Change<TIn> change, params object[] arguments)
        where TIn : class
        where TOut : class
    {
        var collector = new AsyncCollector<TOut>();
        await Operator<TPipeline, TIn, TOut>(name, arguments).InvokeAsync(change, collector, TestContext.Current.CancellationToken);
        var batches = new ChangeBatch<TOut>?[outputs];
        collector.MoveTo(batches);
        return [.. batches.Select(batch => batch?.Changes.ToArray().ToList() ?? [])];
    }

    public static List<Change<T>> Drain<T>(BatchCollector<T> output)
        where T : class => output.Take()?.Changes.ToArray().ToList() ?? [];

    private sealed class Stopping : INodeFailures
    {
        public void Take<T>(string node, in Change<T> change, int at, Exception error)
            where T : class => throw (error as CdcFlowException ?? TransformFailure.At(node, change.Metadata, error));
    }
}
