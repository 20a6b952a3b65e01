using System.Diagnostics;

namespace CdcFlow.Formats;

/// <summary>The field's letters for operations: create, update, delete, read (snapshot), truncate.</summary>
public static class OperationLetter
{
    /// <summary>The letter.</summary>
    public static byte Of(Operation operation) => operation switch
    {
        Operation.SnapshotRead => (byte)'r',
        Operation.Insert => (byte)'c',
        Operation.Update => (byte)'u',
        Operation.Delete => (byte)'d',
        Operation.Truncate => (byte)'t',
        _ => throw new UnreachableException(),
    };
}
