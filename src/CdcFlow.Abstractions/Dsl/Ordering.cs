namespace CdcFlow;

/// <summary>Which order an asynchronous transform keeps between the changes it works on at once.</summary>
public enum Ordering
{
    /// <summary>Not chosen: an error when <c>MaxConcurrency</c> is above 1.</summary>
    Unspecified,

    /// <summary>Changes of one key are worked on one after the other, in order; different keys at the same time.</summary>
    PerKey,

    /// <summary>One change at a time, in order.</summary>
    Strict,

    /// <summary>No order: changes of one key may overlap. Not for keyed sinks.</summary>
    Unordered,
}
