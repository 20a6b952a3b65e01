namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>One thing that a checkpoint store must do.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="RunAsync">Plays it.</param>
internal sealed record StoreCheck(string Name, Func<StoreStand, Task> RunAsync);
