namespace CdcFlow;

/// <summary>What happened to a row.</summary>
public enum Operation : byte
{
    /// <summary>The row was read by the initial snapshot; <c>After</c> is set.</summary>
    SnapshotRead,

    /// <summary>The row was inserted; <c>After</c> is set.</summary>
    Insert,

    /// <summary>The row was updated and its key stayed the same; <c>After</c> is set, <c>Before</c> as <see cref="BeforeState"/> says.</summary>
    /// <remarks>A source splits an update that changes the key into a <see cref="Delete"/> of the old key and an
    /// <see cref="Insert"/> of the new row, so that every change concerns exactly one key.</remarks>
    Update,

    /// <summary>The row was deleted; <c>Before</c> is set (at least its key), <c>After</c> is null.</summary>
    Delete,

    /// <summary>All rows of the table were removed at once; neither <c>Before</c> nor <c>After</c> is set.</summary>
    Truncate,
}
