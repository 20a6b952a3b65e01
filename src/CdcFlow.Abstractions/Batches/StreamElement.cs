namespace CdcFlow.Batches;

/// <summary>What travels between the nodes of a graph, in one ordered queue: a batch of changes or a control element.</summary>
public abstract class StreamElement;
