namespace CdcFlow.Operators;

/// <summary>Keeps a transform that takes the bare row from using values that the log did not carry.</summary>
public static class UnchangedColumns
{
    /// <summary>Stops when a column that the method may use has no value in <see cref="Change{T}.After"/>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="node">The node's id, for the message.</param>
    /// <param name="used">C# names of the properties that the method uses; none means that it may use all.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.UnchangedColumn"/>.</exception>
    public static void Require<T>(in Change<T> change, string node, params ReadOnlySpan<string> used)
        where T : class
    {
        if (change.Unchanged is not { } unchanged)
        {
            return;
        }

        if (used.Length == 0)
        {
            throw Missing(change.Metadata, node, unchanged.ToString());
        }

        foreach (var property in used)
        {
            if (unchanged.Contains(property))
            {
                throw Missing(change.Metadata, node, property);
            }
        }
    }

    private static CdcFlowException Missing(ChangeMetadata metadata, string node, string columns) => new(
        ErrorCodes.UnchangedColumn,
        $"'{node}' uses {columns} of {metadata.Table}, which the log did not carry at {metadata.Offset} because it did not change.",
        $"Take Change<T> in '{node}' and ask IsAvailable, and start again. So that changes carry them from now on: ALTER TABLE {metadata.Table} REPLICA IDENTITY FULL;");
}
