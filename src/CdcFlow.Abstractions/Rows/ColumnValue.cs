using System.Runtime.CompilerServices;

namespace CdcFlow.Rows;

/// <summary>What generated codecs ask before they read a column of a property that takes no null.</summary>
public static class ColumnValue
{
    /// <summary>Whether the column has a value; false when the log did not carry it.</summary>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.NullColumn"/>: it is SQL NULL.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPresent<TReader>(ref TReader reader, int column, RowSchema schema)
        where TReader : struct, IRowReader, allows ref struct =>
        !reader.IsNull(column) || (reader.IsUnchanged(column) ? false : throw Null(schema, column));

    private static CdcFlowException Null(RowSchema schema, int column) => new(
        ErrorCodes.NullColumn,
        $"Column '{schema.Columns[column].Name}' of {schema.TableName} is NULL, but {schema.RowType}.{schema.Columns[column].Property} takes no null.",
        "Make the property nullable and start again; NOT NULL on the column helps with later rows only.");
}
