using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Runs a fused chain over each batch.</summary>
internal sealed class StageNode<T>(string name) : INode
    where T : class
{
    private readonly List<IStageOutlet> outputs = [];
    private IBatchOperator<T>? chain;

    public string Id => name;

    public void AddOutput(IStageOutlet output) => outputs.Add(output);

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
    }

    public ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken) => ForwardAsync(barrier, cancellationToken);

    private void Run(ChangeBatch<T> batch)
    {
        try
        {
            chain!.Process(batch);
        }
        catch (Exception exception) when (exception is not CdcFlowException)
        {
            throw TransformFailure.Within(name, batch.Changes[0].Metadata.Offset, batch.Changes[^1].Metadata.Offset, exception);
        }
    }

    private async ValueTask ForwardAsync(StreamElement element, CancellationToken cancellationToken)
    {
        foreach (var output in outputs)
        {
            await output.Outlet.SendAsync(element, cancellationToken);
        }
    }
}
