using System.Collections;
using System.Globalization;
using CdcFlow.Rows;

namespace CdcFlow.Testing.Conformance;

/// <summary>A row as one text, so that equal rows have equal texts, arrays and bytes included.</summary>
internal static class RowText
{
    public static string Of<T, TCodec>(T row)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var values = new object?[TCodec.Schema.Columns.Count];
        var writer = new ValuesWriter(values);
        TCodec.Write(row, ref writer);
        return Of(values);
    }

    public static string Of(object?[] values) => $"({string.Join(", ", values.Select(Of))})";

    private static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",

        // The type belongs to the value: 1 and 1.0 are different rows.
        IFormattable other => $"{value.GetType().Name} {other.ToString(null, CultureInfo.InvariantCulture)}",
        _ => value.ToString() ?? "",
    };
}
