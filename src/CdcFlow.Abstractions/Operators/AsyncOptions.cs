namespace CdcFlow.Operators;

/// <summary>How an asynchronous node runs.</summary>
/// <param name="MaxConcurrency">How many changes are in the user's method at once; at least 1.</param>
/// <param name="Ordering">Which order holds between them.</param>
public sealed record AsyncOptions(int MaxConcurrency, Ordering Ordering);
