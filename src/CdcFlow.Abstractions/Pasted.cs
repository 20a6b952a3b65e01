namespace CdcFlow;

/// <summary>Names in statements and commands that a person is told to paste. They come from the source and are treated as hostile; a plain one stays as it is.</summary>
/// <remarks>Compiled into every half that says such things, the compiler's too.</remarks>
internal static class Pasted
{
    /// <summary>A table's full name in SQL.</summary>
    internal static string Sql(string schema, string name) => schema.Length == 0 ? Identifier(name) : $"{Identifier(schema)}.{Identifier(name)}";

    /// <summary>A text that a POSIX shell takes for one word.</summary>
    internal static string Word(string text) => IsPlain(text, upper: true, ".-") ? text : Quoted(text, "'", "'\\''");

    private static string Identifier(string name) => IsPlain(name, upper: false, "") && name[0] is not (>= '0' and <= '9') ? name : Quoted(name, "\"", "\"\"");

    private static string Quoted(string text, string quote, string inside) => quote + string.Join(inside, text.Split(quote[0])) + quote;

    private static bool IsPlain(string text, bool upper, string others) => text.Length > 0
        && text.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' || (upper && letter is >= 'A' and <= 'Z') || others.Contains(letter));
}
