namespace CdcFlow;

/// <summary>Keeps a node's identity after its member was renamed: state is found under the old name.</summary>
/// <param name="id">The member's name at the time the state was written.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Method)]
public sealed class NodeIdAttribute(string id) : Attribute
{
    /// <summary>The node's id.</summary>
    public string Id { get; } = id;
}
