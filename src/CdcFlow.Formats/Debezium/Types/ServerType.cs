using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>A database type as <c>[Column(TypeName = …)]</c> writes it, taken apart: <c>numeric(10,2)[]</c>, <c>timestamp(3) with time zone</c>,
/// <c>enum('a','b')</c>.</summary>
/// <param name="Name">The name in lower case, without arguments.</param>
/// <param name="Arguments">What stands in parentheses.</param>
/// <param name="IsArray">Whether it is an array of that type.</param>
internal sealed record ServerType(string Name, IReadOnlyList<string> Arguments, bool IsArray)
{
    /// <summary>The type of a column, or of an array's items: the written one, else the one that its C# type stands for.</summary>
    public static ServerType Of(ColumnDescriptor column) => column.TypeName is { } written ? Parse(written) : Default(column);

    /// <summary>The type of a column, or of an array's items, whatever is written.</summary>
    public static ServerType Default(ColumnDescriptor column) =>
        column.EnumValues.Count > 0 ? new ServerType("enum", [.. column.EnumValues.Select(value => value.Label)], false) : Of(ItemType(column));

    /// <summary>The C# type of a column's values, or of an array's items.</summary>
    public static Type ItemType(ColumnDescriptor column)
    {
        var item = IsArrayOf(column.ClrType) ? column.ClrType.GetElementType()! : column.ClrType;
        return Nullable.GetUnderlyingType(item) ?? item;
    }

    /// <summary>Whether a C# type is an array of values; bytes are one value.</summary>
    public static bool IsArrayOf(Type clr) => clr.IsArray && clr != typeof(byte[]);

    /// <summary>The type that a C# type stands for where none is written.</summary>
    public static ServerType Of(Type clr) => clr.IsEnum ? new ServerType("enum", Enum.GetNames(clr), false) : new ServerType(DefaultOf(clr), [], false);

    /// <summary>Takes a written type apart.</summary>
    public static ServerType Parse(string written)
    {
        var text = written.Trim();
        var isArray = text.EndsWith("[]", StringComparison.Ordinal);
        text = isArray ? text[..^2] : text;
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
        {
            return new ServerType(text.ToLowerInvariant(), [], isArray);
        }

        var name = text[..open].TrimEnd() + text[(close + 1)..];
        return new ServerType(name.ToLowerInvariant(), [.. Split(text[(open + 1)..close])], isArray);
    }

    /// <summary>The argument at <paramref name="index"/> as a number, or null.</summary>
    public int? Number(int index) => index < Arguments.Count && int.TryParse(Arguments[index], out var number) ? number : null;

    private static string DefaultOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "boolean",
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 => "smallint",
        TypeCode.UInt16 or TypeCode.Int32 => "integer",
        TypeCode.UInt32 or TypeCode.Int64 => "bigint",
        TypeCode.UInt64 => "xid8",
        TypeCode.Single => "real",
        TypeCode.Double => "double precision",
        TypeCode.Decimal => "numeric",
        TypeCode.DateTime => "timestamp",
        _ when type == typeof(DateTimeOffset) => "timestamptz",
        _ when type == typeof(DateOnly) => "date",
        _ when type == typeof(TimeOnly) => "time",
        _ when type == typeof(TimeSpan) => "interval",
        _ when type == typeof(Guid) => "uuid",
        _ when type == typeof(Dictionary<string, string>) => "hstore",
        _ when type == typeof(byte[]) => "bytea",
        _ when type == typeof(System.Text.Json.JsonElement) => "json",
        _ when type == typeof(System.Collections.BitArray) => "varbit",
        _ => "text",
    };

    // Labels stand in single quotes, doubled inside; a comma within them is theirs.
    private static IEnumerable<string> Split(string arguments)
    {
        var piece = new System.Text.StringBuilder();
        var isQuoted = false;
        for (var index = 0; index < arguments.Length; index++)
        {
            var letter = arguments[index];
            if (letter == '\'' && isQuoted && index + 1 < arguments.Length && arguments[index + 1] == '\'')
            {
                piece.Append('\'');
                index++;
            }
            else if (letter == '\'')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                yield return piece.ToString();
                piece.Clear();
            }
            else if (isQuoted || letter != ' ')
            {
                piece.Append(letter);
            }
        }

        yield return piece.ToString();
    }
}
