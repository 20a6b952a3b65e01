namespace CdcFlow;

/// <summary>Makes a method that returns an enum a route: its value names the branch, and sinks and nodes take branches with <c>When</c>.
/// <see cref="ValueTask{TResult}"/> of an enum makes the route asynchronous.</summary>
/// <remarks>A row whose branch changes is deleted in the old one and inserted in the new one.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RouteAttribute : NodeAttribute;
