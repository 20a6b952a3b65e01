namespace CdcFlow.Postgres.Sink;

/// <summary>How a staged value becomes one of its column, and when that would change it. Pure.</summary>
/// <remarks>
/// Values are cast to the column's type without its length or precision, and assigned: an assignment refuses what is too long where a cast would
/// cut it. It still rounds numbers and times and cuts trailing blanks, and some types read only a part of a text, so those are looked for first.
/// </remarks>
internal static class ColumnCast
{
    // Of these, equal values are one text. Setting a key that stays as it is would take a stronger lock than foreign keys to it get along with.
    private static readonly HashSet<string> speltAlike =
    [
        "bool", "int2", "int4", "int8", "oid", "uuid", "date", "time", "timestamp", "timestamptz", "bytea", "text", "varchar", "name", "char", "money", "bit", "varbit",
        "macaddr", "macaddr8", "pg_lsn", "xid8",
    ];

    // Digits of a second that the server cannot hold.
    private const string FinerThanMicroseconds = "'[.][0-9]{6}[0-9]*[1-9]'";

    private static readonly HashSet<string> partsOfTexts =
        ["name", "char", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "float4", "float8", "money"];

    /// <summary>The value, as SQL writes it.</summary>
    /// <param name="staged">The staged column.</param>
    /// <param name="form">How its values travel.</param>
    /// <param name="target">The table's column.</param>
    public static string Value(string staged, ColumnForm form, TargetColumn target) => (form.Type, target.BaseType) switch
    {
        ("bool", "bit") => $"{staged}::pg_catalog.int4::{target.Bare}",

        // By its text: the cast from interval to time turns 24:00 into 00:00.
        ("interval", "time") => $"pg_catalog.make_interval(secs => EXTRACT(epoch FROM {staged})::pg_catalog.float8)::pg_catalog.text::{target.Bare}",
        _ => $"{staged}::{target.Bare}",
    };

    /// <summary>The staged value, out of the table's: what <see cref="Value"/> makes the same of again.</summary>
    /// <param name="held">The table's column.</param>
    /// <param name="form">How its values travel.</param>
    /// <param name="target">The same, described.</param>
    public static string Former(string held, ColumnForm form, TargetColumn target) => (form.Type, target.BaseType) switch
    {
        ("bool", "bit") => $"{held}::pg_catalog.int4::pg_catalog.bool",
        ("text", _) when !form.IsArray => $"CASE WHEN {held} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {held}) END",
        _ => $"{held}::{form.Sql}",
    };

    /// <summary>The condition under which the column would hold another value than was sent; null when it never does.</summary>
    /// <param name="staged">The staged column.</param>
    /// <param name="form">How its values travel.</param>
    /// <param name="target">The table's column.</param>
    /// <param name="isKey">Whether it belongs to the key: then two texts must not be one value.</param>
    public static string? Loss(string staged, ColumnForm form, TargetColumn target, bool isKey)
    {
        List<string> losses = [];
        var value = Value(staged, form, target);
        if (target.Limited is { } limited && LimitLoss(value, limited, target.BaseType) is { } loss)
        {
            losses.Add(loss);
        }

        if (form.Type == "text" && form.IsArray == target.IsArray && !target.IsArray && !target.IsComposite)
        {
            losses.AddRange(TextLosses(staged, value, target.BaseType));
            if (isKey && !IsText(target.BaseType))
            {
                losses.Add(ReadsOtherwise(staged, value));
            }
        }
        else if (form.Type == "text" && (target.IsComposite || target.Limited is not null || partsOfTexts.Contains(target.BaseType) || isKey))
        {
            losses.Add(form.IsArray ? $"{value}::pg_catalog.text[] OPERATOR(pg_catalog.<>) {staged}" : ReadsOtherwise(staged, value));
        }
        else if (!target.IsArray && form.IsVector(target.BaseType)) // halfvec has fewer digits
        {
            losses.Add($"{value}::{form.Sql} OPERATOR(pg_catalog.<>) {staged}");
        }
        else if (form.Type == "numeric" && target.BaseType == "money")
        {
            losses.Add($"{value}::pg_catalog.numeric OPERATOR(pg_catalog.<>) {staged}");
        }

        return losses.Count == 0 ? null : string.Join(" OR ", losses.Distinct());
    }

    /// <summary>The condition under which a time is no instant: its text has no zone.</summary>
    /// <param name="staged">The staged column.</param>
    public static string ZoneLoss(string staged) => $"{staged} OPERATOR(pg_catalog.!~) 'Z$'";

    /// <summary>Whether two values of the column can be equal and yet two texts.</summary>
    public static bool IsSpeltVariously(TargetColumn target) => target.IsComposite || !speltAlike.Contains(target.BaseType) || !target.IsDeterministic;

    /// <summary>Whether values of the type are texts as they stand.</summary>
    public static bool IsText(string baseType) => baseType is "text" or "varchar" or "bpchar" or "citext";

    private static string? LimitLoss(string value, string limited, string baseType) => baseType switch
    {
        // Intervals are equal when they are as long: a month is thirty days. Their texts are not.
        "interval" => $"{value}::pg_catalog.text OPERATOR(pg_catalog.<>) {value}::{limited}::pg_catalog.text",

        // Blanks at the end of character(n) mean nothing, so that cutting those is no loss.
        "varchar" or "bpchar" or "numeric" or "time" or "timetz" or "timestamp" or "timestamptz" or "bit" or "varbit" =>
            $"{value} OPERATOR(pg_catalog.<>) {value}::{limited}",
        _ => null,
    };

    private static IEnumerable<string> TextLosses(string staged, string value, string baseType)
    {
        switch (baseType)
        {
            case "name" or "char" or "money":
                yield return ReadsOtherwise(staged, value);
                break;
            case "date":
                yield return $"pg_catalog.strpos({staged}, ':') OPERATOR(pg_catalog.>) 0";
                break;
            case "time":
                yield return $"{staged} OPERATOR(pg_catalog.!~) '^[0-9:.]*$'";
                break;
            case "timestamp": // it would pass over a zone
                yield return $"{value} OPERATOR(pg_catalog.<>) pg_catalog.timezone('UTC', {staged}::pg_catalog.timestamptz)";
                break;
            case "float4" or "float8":
                yield return $"CASE WHEN {staged} OPERATOR(pg_catalog.~) '^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$'"
                    + $" THEN {staged}::pg_catalog.numeric OPERATOR(pg_catalog.<>) {value}::pg_catalog.text::pg_catalog.numeric END";
                break;
        }

        if (baseType is "time" or "timetz" or "timestamp" or "timestamptz" or "interval")
        {
            yield return $"{staged} OPERATOR(pg_catalog.~) {FinerThanMicroseconds}";
        }
    }

    // By the type's output function, which also writes the source's log; a cast differs for boolean and character(n).
    private static string ReadsOtherwise(string staged, string value) => $"pg_catalog.format('%s', {value}) OPERATOR(pg_catalog.<>) {staged}";
}
