using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>One thing that happens from outside.</summary>
internal abstract record ScriptStep
{
    /// <summary>A transaction commits in the source.</summary>
    public sealed record Commit(Action<InMemoryTransaction> Write) : ScriptStep;

    /// <summary>The pipeline runs a while.</summary>
    public sealed record Run(int Steps) : ScriptStep;

    /// <summary>The source reads up to a change at least.</summary>
    public sealed record Reach(SourceOffset Offset) : ScriptStep;

    /// <summary>A checkpoint is made.</summary>
    public sealed record Checkpoint : ScriptStep;

    /// <summary>The pipeline reads all there is.</summary>
    public sealed record Drain : ScriptStep;

    /// <summary>The pipeline stops in good order.</summary>
    public sealed record Stop : ScriptStep;
}
