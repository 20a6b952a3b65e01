using CdcFlow.Batches;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Unites streams: elements pass as they come, barriers aligned.</summary>
internal sealed class MergeNode(string id, Outlet outlet) : INode
{
    public string Id => id;

    public ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken) =>
        outlet.SendAsync(element, cancellationToken);

    public ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken) => outlet.SendAsync(barrier, cancellationToken);
}
