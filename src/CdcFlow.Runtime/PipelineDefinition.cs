using System.Security.Cryptography;
using System.Text;

namespace CdcFlow.Runtime;

/// <summary>A pipeline that can be run: its shape and how to build it.</summary>
public sealed class PipelineDefinition
{
    /// <summary>Defines a pipeline by hand.</summary>
    /// <param name="graph">Its shape.</param>
    /// <param name="build">Builds it; called once per attempt with a fresh builder.</param>
    public PipelineDefinition(PipelineGraph graph, Action<PipelineBuilder> build)
    {
        Graph = graph;
        Build = build;
        Fingerprint = FingerprintOf(graph);
    }

    /// <summary>The pipeline's shape.</summary>
    public PipelineGraph Graph { get; }

    /// <summary>The pipeline's name.</summary>
    public string Name => Graph.Name;

    /// <summary>A hash of nodes and edges: changes when the pipeline does.</summary>
    public string Fingerprint { get; }

    internal Action<PipelineBuilder> Build { get; }

    /// <summary>The definition of a compiled pipeline class. Its constructor is called when it is first built, so that one that fails is a failure of its own pipeline alone.</summary>
    /// <param name="services">What its primary constructor is served from.</param>
    public static PipelineDefinition Of<TPipeline>(IServiceProvider services)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var build = new Lazy<Action<PipelineBuilder>>(() =>
        {
            var pipeline = TPipeline.Create(services);
            return builder => TPipeline.Build(pipeline, builder);
        });
        return new PipelineDefinition(TPipeline.Graph, builder => build.Value(builder));
    }

    private static string FingerprintOf(PipelineGraph graph)
    {
        var text = new StringBuilder();
        foreach (var node in graph.Nodes)
        {
            text.Append(node.Kind).Append(' ').Append(node.Id).Append(' ').Append(node.RowType).Append('\n');
        }

        foreach (var edge in graph.Edges)
        {
            text.Append(edge.From).Append(" > ").Append(edge.To).Append(' ').Append(edge.When).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
