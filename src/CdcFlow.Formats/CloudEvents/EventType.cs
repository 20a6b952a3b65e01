using System.Diagnostics;

namespace CdcFlow.Formats.CloudEvents;

/// <summary>A CloudEvent's type: what happened to the row.</summary>
internal static class EventType
{
    public static ReadOnlySpan<byte> Of(Operation operation) => operation switch
    {
        Operation.SnapshotRead => "cdcflow.row.read"u8,
        Operation.Insert => "cdcflow.row.inserted"u8,
        Operation.Update => "cdcflow.row.updated"u8,
        Operation.Delete => "cdcflow.row.deleted"u8,
        Operation.Truncate => "cdcflow.table.truncated"u8,
        _ => throw new UnreachableException(),
    };
}
