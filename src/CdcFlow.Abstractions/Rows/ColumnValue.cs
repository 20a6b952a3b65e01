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

    /// <summary>The array, of which no element may be null.</summary>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.NullColumn"/>: one is.</exception>
    public static T[] WithoutNulls<T>(T[] elements, RowSchema schema, int column)
        where T : class => Array.TrueForAll(elements, static element => element is not null) ? elements : throw NullInside(schema, column, "string?[]");

    /// <summary>The pairs, of which no value may be null.</summary>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.NullColumn"/>: one is.</exception>
    public static Dictionary<string, string> WithoutNulls(Dictionary<string, string> pairs, RowSchema schema, int column)
    {
        foreach (var pair in pairs)
        {
            if (pair.Value is null)
            {
                throw NullInside(schema, column, "Dictionary<string, string?>");
            }
        }

        return pairs;
    }

    private static CdcFlowException NullInside(RowSchema schema, int column, string nullable) => new(
        ErrorCodes.NullColumn,
        $"Column '{schema.Columns[column].Name}' of {schema.TableName} has a NULL inside, but the elements of {schema.RowType}.{schema.Columns[column].Property} take no null.",
        $"Make the elements nullable, as in {nullable}, and start again.");

    private static CdcFlowException Null(RowSchema schema, int column) => new(
        ErrorCodes.NullColumn,
        $"Column '{schema.Columns[column].Name}' of {schema.TableName} is NULL, but {schema.RowType}.{schema.Columns[column].Property} takes no null.",
        "Make the property nullable and start again; NOT NULL on the column helps with later rows only.");
}
