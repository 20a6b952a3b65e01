namespace CdcFlow.Postgres.Wire;

/// <summary>Quoting for SQL text. Names come from the source and are treated as hostile.</summary>
internal static class SqlText
{
    /// <summary>A name in double quotes.</summary>
    internal static string Identifier(string name) => Quote(name, '"');

    /// <summary>A table's full name.</summary>
    internal static string Table(TableId table) => $"{Identifier(table.Schema)}.{Identifier(table.Name)}";

    /// <summary>A string literal; right while <c>standard_conforming_strings</c> is on, which every connection pins.</summary>
    internal static string Literal(string value) => Quote(value, '\'');

    private static string Quote(string text, char quote) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("SQL text holds no NUL character.", nameof(text))
            : string.Concat($"{quote}", text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal), $"{quote}");
}
