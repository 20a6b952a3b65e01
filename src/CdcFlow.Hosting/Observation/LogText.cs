using System.Globalization;
using System.Text;

namespace CdcFlow.Hosting.Observation;

/// <summary>Text of any origin (names of tables, answers of servers) as it may stand in a log or on a terminal. Pure.</summary>
internal static class LogText
{
    // A line of the log begins with its time; what a name or a server puts on a line of its own never looks like one.
    private const string Continuation = "\n    ";

    /// <summary>Escapes every control character (a terminal obeys them) and every mark that reorders text; further lines are indented.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 16);
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            if (letter == '\n')
            {
                printable.Append(Continuation);
            }
            else if (IsUnsafe(letter))
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                printable.Append(letter);
            }
        }

        return printable.ToString();
    }

    // Bidirectional marks, embeddings and isolates show another text than there is.
    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
