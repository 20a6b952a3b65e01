using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>How the nodes of a graph run: synchronous ones fused into stages, each behind the stream that feeds it.</summary>
internal sealed class FlowPlan
{
    private readonly PipelineModel model;

    public FlowPlan(PipelineModel model)
    {
        this.model = model;
        Stages = [.. Streams().Select(Stage).Where(stage => stage.Nodes.Count > 0)];
    }

    /// <summary>In order of the streams that feed them.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Synchronous nodes that take the port.</summary>
    public IEnumerable<NodeModel> FusedConsumers(Port port) => model.Nodes.Where(node => node.Async is null && node.Input == port);

    /// <summary>Whether a sink or an asynchronous node takes the port.</summary>
    public bool LeavesStage(Port port) =>
        model.Sinks.Any(sink => sink.Input == port) || model.Nodes.Any(node => node.Async is not null && node.Input == port);

    /// <summary>Ports of a node that anything takes: all of its output first, then branches in order of first use.</summary>
    public IReadOnlyList<Port> Ports(string node) =>
        [.. model.Nodes.Select(consumer => consumer.Input).Concat(model.Sinks.Select(sink => sink.Input))
            .Where(port => port.Node == node).Distinct().OrderBy(port => port.Branch is not null)];

    /// <summary>Outputs of an asynchronous node, in the order of their indexes: at least one, even where nothing takes it.</summary>
    public IReadOnlyList<Port> Outputs(NodeModel node) => [.. Ports(node.Id).DefaultIfEmpty(new Port(node.Id, null))];

    private IEnumerable<(Port Port, TypeRef Row)> Streams() =>
        model.Sources.Select(source => (new Port(source.Id, null), source.Row))
            .Concat(model.Nodes.Where(node => node.Async is not null).SelectMany(node => Outputs(node).Select(port => (port, node.Out))));

    private Stage Stage((Port Port, TypeRef Row) stream)
    {
        var nodes = new List<NodeModel>();
        foreach (var node in model.Nodes.Where(node => node.Async is null))
        {
            if (node.Input == stream.Port || nodes.Any(earlier => earlier.Id == node.Input.Node))
            {
                nodes.Add(node);
            }
        }

        return new Stage(stream.Port, stream.Row, nodes);
    }
}

/// <summary>Synchronous nodes that run as one loop over the batches of one stream.</summary>
/// <param name="Input">The output of a source or an asynchronous node that feeds it.</param>
/// <param name="Row">The row type of that.</param>
/// <param name="Nodes">Its nodes, each after the one that feeds it.</param>
internal sealed record Stage(Port Input, TypeRef Row, IReadOnlyList<NodeModel> Nodes)
{
    /// <summary>As the runtime and people call it.</summary>
    public string Name => string.Join("+", Nodes.Select(node => node.Id));
}
