namespace CdcFlow;

/// <summary>Makes a method that returns <see cref="bool"/> a filter: true lets the row pass. <see cref="ValueTask{TResult}"/> of it makes the filter asynchronous.</summary>
/// <remarks>An update whose new row does not pass any more emits a delete of what passed before, unless <see cref="OnDrop.Ignore"/>.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FilterAttribute : NodeAttribute;
