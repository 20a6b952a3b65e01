using CdcFlow.Sinks;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>One thing that a sink must do.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Kinds">The kinds of sinks it applies to.</param>
/// <param name="RunAsync">Plays it.</param>
internal sealed record SinkCheck(string Name, SinkKind[] Kinds, Func<SinkStand, Task> RunAsync)
{
    public bool AppliesTo(SinkKind kind) => Kinds.Contains(kind);
}
