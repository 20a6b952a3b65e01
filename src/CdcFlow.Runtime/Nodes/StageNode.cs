using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Rejection;
using CdcFlow.Runtime.State;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Runs a fused chain over each batch.</summary>
internal sealed class StageNode<T>(string name, StageFailures failures) : INode
    where T : class
{
    private readonly List<IStageOutlet> outputs = [];
    private readonly List<NodeStateKeeper> states = [];
    private IBatchOperator<T>? chain;

    public string Id => name;

    /// <summary>Takes the failures of its nodes.</summary>
    public INodeFailures Failures => failures;

    public void AddOutput(IStageOutlet output) => outputs.Add(output);

    /// <summary>A node of the chain keeps state.</summary>
    public void Keep(NodeStateKeeper state) => states.Add(state);

    public void SetOperator(IBatchOperator<T> op) =>
        chain = chain is null ? op : throw new InvalidOperationException($"Stage '{name}' has an operator.");

    public async ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken)
    {
        if (element is not ChangeBatch<T> batch)
        {
            await ForwardAsync(element, cancellationToken);
            return;
        }

        Run(batch);
        foreach (var output in outputs)
        {
            await output.DrainAsync(batch, cancellationToken);
        }

        batch.Release();
        if (failures.Taken.Count > 0)
        {
            await SetAsideAsync(cancellationToken);
        }
    }

    public ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken)
    {
        failures.Cut();
        foreach (var state in states)
        {
            // Of a checkpoint that is given up the next one takes what has changed.
            state.Cut();
            barrier.Meeting.AcknowledgeNode();
        }

        return ForwardAsync(barrier, cancellationToken);
    }

    private void Run(ChangeBatch<T> batch)
    {
        failures.Start();
        try
        {
            chain!.Process(batch);
        }
        catch (Exception exception) when (exception is not CdcFlowException)
        {
            throw TransformFailure.Within(name, batch.Changes[0].Metadata.Offset, batch.Changes[^1].Metadata.Offset, exception);
        }
    }

    /// <summary>What was rejected goes where the change is missing: to whom the node that failed feeds, and to nobody else.</summary>
    private async ValueTask SetAsideAsync(CancellationToken cancellationToken)
    {
        foreach (var rejected in failures.Taken)
        {
            foreach (var output in outputs.Where(output => failures.Concerns(output.NodeId, rejected)))
            {
                await output.Outlet.SendAsync(rejected, cancellationToken);
            }
        }

        failures.Clear();
    }

    private async ValueTask ForwardAsync(StreamElement element, CancellationToken cancellationToken)
    {
        foreach (var output in outputs)
        {
            await output.Outlet.SendAsync(element, cancellationToken);
        }
    }
}
