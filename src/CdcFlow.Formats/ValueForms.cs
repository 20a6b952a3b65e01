using System.Collections;
using System.Text.Json;
using CdcFlow.Rows;

namespace CdcFlow.Formats;

/// <summary>Which types have a form in the text formats and in Avro: what the row writers take. A closed table: known before the first row.</summary>
internal static class ValueForms
{
    private static readonly HashSet<Type> others =
    [
        typeof(bool), typeof(string), typeof(byte[]), typeof(Dictionary<string, string?>), typeof(JsonElement), typeof(BitArray),
        .. ArrayItems.Types,
    ];

    /// <summary>Refuses a row type with a column that has none.</summary>
    /// <exception cref="CdcFlowException"><see cref="FormatErrors.TypeHasNoForm"/>.</exception>
    public static void Require(RowSchema schema, string format)
    {
        for (var column = 0; column < schema.Columns.Count; column++)
        {
            if (!Has(schema.Columns[column].ClrType))
            {
                throw FormatErrors.In(schema, column, FormatErrors.NoForm(schema.Columns[column].ClrType, format));
            }
        }
    }

    // Enums travel as their labels, bits as their text; numbers, times and connectors' own values as their text, whatever they are.
    private static bool Has(Type type) =>
        type.IsEnum || others.Contains(type) || type is { IsArray: true } && type.GetElementType()!.IsEnum
        || typeof(IFormattable).IsAssignableFrom(Nullable.GetUnderlyingType(type) ?? type);
}
