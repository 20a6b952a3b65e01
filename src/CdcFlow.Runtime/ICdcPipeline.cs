namespace CdcFlow.Runtime;

/// <summary>What a compiled pipeline class gives the engine. Implemented by the generated half of a <see cref="CdcPipelineAttribute"/> class.</summary>
/// <typeparam name="TSelf">The pipeline class.</typeparam>
/// <remarks>A class without a generated half does not satisfy the constraint, so a program whose generator did not run does not compile.</remarks>
public interface ICdcPipeline<TSelf>
    where TSelf : ICdcPipeline<TSelf>
{
    /// <summary>Name, delivery, nodes and edges: for drawing and checks, without any connection.</summary>
    static abstract PipelineGraph Graph { get; }

    /// <summary>Makes the pipeline through its primary constructor.</summary>
    static abstract TSelf Create(IServiceProvider services);

    /// <summary>Builds the graph. Called once per attempt on a fresh builder: operators hold buffers, so none outlives its attempt.</summary>
    static abstract void Build(TSelf pipeline, PipelineBuilder builder);
}
