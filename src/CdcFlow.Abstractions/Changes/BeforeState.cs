namespace CdcFlow;

/// <summary>How much of the old row the source's log carried.</summary>
public enum BeforeState : byte
{
    /// <summary>Nothing: <c>Before</c> is null.</summary>
    Absent,

    /// <summary>Only the key columns of <c>Before</c> hold values; every other property has its default.</summary>
    KeyOnly,

    /// <summary>The whole old row.</summary>
    Full,
}
