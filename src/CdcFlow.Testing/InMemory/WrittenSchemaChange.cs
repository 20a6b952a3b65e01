using CdcFlow.Batches;
using CdcFlow.Checkpoints;

namespace CdcFlow.Testing;

/// <summary>New columns as an in-memory sink heard of them.</summary>
/// <param name="Sink">The sink's name.</param>
/// <param name="Change">The element.</param>
/// <param name="Epoch">The instance that brought it.</param>
/// <param name="Write">The number of the call, in one sequence with <see cref="WrittenChange.Write"/>.</param>
internal sealed record WrittenSchemaChange(string Sink, SchemaChange Change, Epoch Epoch, long Write);
