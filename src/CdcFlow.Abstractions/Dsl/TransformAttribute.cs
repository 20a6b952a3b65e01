namespace CdcFlow;

/// <summary>Makes a method a transform.</summary>
/// <remarks>
/// Takes the row type <c>T</c> (runs on inserts, updates and snapshot reads; deletes travel by key) or <see cref="Change{T}"/> (full control),
/// then optionally <see cref="ChangeMetadata"/> and <see cref="CancellationToken"/>. Returns <c>U</c> (map), <c>U?</c> (null drops),
/// <c>IEnumerable&lt;U&gt;</c> or <c>IAsyncEnumerable&lt;U&gt;</c> (fan-out) or <see cref="Change{T}"/> of <c>U</c> (full control; nullable to drop);
/// <see cref="ValueTask{TResult}"/> of these makes it asynchronous. It must be repeatable: after a crash it runs again on the same row.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TransformAttribute : NodeAttribute
{
    /// <summary>The properties of the input's key that make the output's key, in the order of the output's <c>[Key]</c> properties,
    /// separated by commas. Default: those of equal names. Only for methods that take <c>T</c>: their deletes travel by key.</summary>
    public string? DeleteKey { get; set; }
}
