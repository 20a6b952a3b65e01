using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>A place in PostgreSQL's write-ahead log, in bytes from its beginning.</summary>
internal readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <summary>Reads the server's form, two hexadecimal halves with a slash.</summary>
    internal static Lsn Parse(string text) => TryParse(text, out var lsn) ? lsn : throw new PostgresProtocolException($"'{text}' is no LSN.");

    /// <summary>Reads a person's text in the server's form.</summary>
    internal static bool TryParse(string text, out Lsn lsn)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        uint low = 0;
        var isLsn = uint.TryParse(text.AsSpan(0, Math.Max(0, slash)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            && uint.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out low);
        lsn = new Lsn(((ulong)high << 32) | low);
        return isLsn;
    }

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value >> 32:X}/{(uint)Value:X}";
}
