namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>One thing that a source must do.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Needs">The traits without which it does not apply.</param>
/// <param name="RunAsync">Plays it.</param>
internal sealed record SourceCheck(string Name, SourceTraits Needs, Func<SourcePlay, Task> RunAsync);
