using CdcFlow.Batches;

namespace CdcFlow.Runtime.Flow;

/// <summary>An element that reached a node, and the edge that it came by.</summary>
internal readonly record struct Arrival(Edge Edge, StreamElement Element);
