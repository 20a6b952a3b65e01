namespace CdcFlow.Operators;

/// <summary>Keeps a transform that takes the bare row from using values that the log did not carry.</summary>
public static class UnchangedColumns
{
    /// <summary>Stops when a column that the method may use has no value in <see cref="Change{T}.After"/>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="node">The node's id, for the message.</param>
    /// <param name="used">C# names of the properties that the method uses; none means that it may use all.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.UnchangedColumn"/> or <see cref="ErrorCodes.NotCarriedColumn"/>.</exception>
    public static void Require<T>(in Change<T> change, string node, params ReadOnlySpan<string> used)
        where T : class
    {
        if (change.Missing is not { } missing)
        {
            return;
        }

        if (used.Length == 0)
        {
            throw NoValue(change.Metadata, node, missing, missing.ToString());
        }

        foreach (var property in used)
        {
            if (missing.Contains(property))
            {
                throw NoValue(change.Metadata, node, missing, property);
            }
        }
    }

    // Where both kinds are missing, those that no setting of the table brings back are named first.
    private static CdcFlowException NoValue(ChangeMetadata metadata, string node, ColumnSet missing, string columns)
    {
        var neverThere = missing.Schema.Columns.Where((column, index) => missing.IsNotCarried(index) && columns.Split(", ").Contains(column.Property))
            .Select(column => column.Property).ToArray();
        return neverThere.Length > 0
            ? new(
                ErrorCodes.NotCarriedColumn,
                $"'{node}' uses {string.Join(", ", neverThere)} of {metadata.Table}, which the log never carries (at {metadata.Offset}): a generated column, for one.",
                $"Have the log carry it (PostgreSQL 18: publish_generated_columns = stored), compute it in '{node}', or take Change<T> there and ask IsAvailable.")
            { IsOfRow = true }
            : new(
                ErrorCodes.UnchangedColumn,
                $"'{node}' uses {columns} of {metadata.Table}, which the log did not carry at {metadata.Offset} because it did not change.",
                $"Take Change<T> in '{node}' and ask IsAvailable, and start again. "
                + $"Or leave this change out by reading the table again, and have later ones carry every column: run --resnapshot {Pasted.Word(metadata.Table.ToString())}, after ALTER TABLE {Pasted.Sql(metadata.Table.Schema, metadata.Table.Name)} REPLICA IDENTITY FULL;")
            { IsOfRow = true };
    }
}
