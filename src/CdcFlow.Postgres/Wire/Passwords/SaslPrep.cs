using System.Text;

namespace CdcFlow.Postgres.Wire.Passwords;

/// <summary>
/// Prepares a password for SCRAM as PostgreSQL does it (RFC 4013): characters that look alike become one. A password that the rules forbid is used as
/// it is, by the server too, so that any password works.
/// </summary>
internal static class SaslPrep
{
    internal static string Prepare(string password)
    {
        if (Ascii.IsValid(password))
        {
            return password;
        }

        var tables = UnicodeTables.Shared;
        int[] mapped = [.. password.EnumerateRunes().Select(rune => tables.IsIn("space", rune.Value) ? ' ' : rune.Value).Where(character => !tables.IsIn("removed", character))];
        return IsForbidden(mapped, tables)
            ? password
            : string.Concat(NormalFormKC.Of(mapped, tables).Select(character => new Rune(character).ToString()));
    }

    // The server asks this before it normalizes, and so does this client. RFC 3454, section 6: text with a character that runs from right to left has
    // none that runs the other way, and begins and ends with such a one.
    private static bool IsForbidden(int[] text, UnicodeTables tables) =>
        text.Length == 0
        || text.Any(character => tables.IsIn("prohibited", character) || tables.IsIn("unassigned", character))
        || (text.Any(character => tables.IsIn("rtl", character))
            && (text.Any(character => tables.IsIn("ltr", character)) || !tables.IsIn("rtl", text[0]) || !tables.IsIn("rtl", text[^1])));
}
