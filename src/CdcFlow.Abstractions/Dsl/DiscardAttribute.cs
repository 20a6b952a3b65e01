namespace CdcFlow;

/// <summary>Says that a node's output is meant to go nowhere.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Method)]
public sealed class DiscardAttribute : Attribute;
