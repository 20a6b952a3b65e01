using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime;

/// <summary>The output of a node under construction; any number of consumers may take it.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class ChangeStream<T>
    where T : class
{
    internal ChangeStream(string nodeId, Outlet outlet, IReadOnlyList<string> sources)
    {
        NodeId = nodeId;
        Outlet = outlet;
        Sources = sources;
    }

    /// <summary>The id of the node whose output this is.</summary>
    public string NodeId { get; }

    internal Outlet Outlet { get; }

    /// <summary>The ids of the sources whose changes it has.</summary>
    internal IReadOnlyList<string> Sources { get; }
}
