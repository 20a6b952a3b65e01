using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Kafka.Sink.Oversize;

/// <summary>The columns of a row type that may be cut.</summary>
/// <param name="Is">By a column's index, whether it may.</param>
/// <param name="Fields">By a column's index, what its field is called in records.</param>
internal sealed record CuttableColumns(IReadOnlyList<bool> Is, IReadOnlyList<string> Fields)
{
    private static readonly string[] textTypes = ["text", "varchar", "character varying", "char", "character", "bpchar", "citext", "name"];

    /// <summary>Finds those that <c>TruncateColumns</c> names.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="properties">Names of properties, separated by commas.</param>
    /// <param name="rows">The row type.</param>
    /// <param name="naming">How its fields are named.</param>
    /// <exception cref="CdcFlowException">CDCF5256: one is no text that may be cut.</exception>
    public static CuttableColumns Of(string sink, string properties, RowSchema rows, FieldNaming naming)
    {
        var named = properties.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var property in named)
        {
            if (Unfitness(rows, property) is { } why)
            {
                throw KafkaSinkErrors.NotCuttable(sink, property, why, rows.Columns.Where(column => Unfitness(column) is null).Select(column => column.Property));
            }
        }

        return new CuttableColumns(
            [.. rows.Columns.Select(column => named.Contains(column.Property, StringComparer.Ordinal))],
            [.. rows.Columns.Select(column => FieldNames.Of(column, naming))]);
    }

    private static string? Unfitness(RowSchema rows, string property) =>
        rows.Columns.FirstOrDefault(column => column.Property == property) is { } found ? Unfitness(found) : $"is no property of {rows.RowType} with a column";

    private static string? Unfitness(ColumnDescriptor column) =>
        column.IsKey ? "is of the key, by which rows are told apart"
        : column.ClrType != typeof(string) ? $"is a {column.ClrType.Name}, and only text can be cut"
        : column.TypeName is { } type && !textTypes.Contains(type.Split('(')[0].Trim(), StringComparer.OrdinalIgnoreCase) ? $"is of type {type}, whose values are not valid any more when they are cut"
        : null;
}
