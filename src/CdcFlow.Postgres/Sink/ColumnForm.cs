using System.Collections;
using System.Net.NetworkInformation;
using System.Text.Json;

namespace CdcFlow.Postgres.Sink;

/// <summary>The PostgreSQL type in which values of a C# type travel, and which a new table gets where no other is asked for.</summary>
/// <param name="Type">The type's name in <c>pg_catalog</c>.</param>
/// <param name="IsArray">Whether it is an array of that.</param>
internal readonly record struct ColumnForm(string Type, bool IsArray)
{
    /// <summary>As SQL writes it.</summary>
    public string Sql => $"pg_catalog.{Type}{(IsArray ? "[]" : "")}";

    /// <summary>Whether values of the type can be written at all: scalars, arrays of them, and what has a text of its own.</summary>
    public static bool Covers(Type type) => type.IsArray
        ? type == typeof(byte[]) || (type.IsSZArray && ScalarOf(Element(type)) is not null)
        : ScalarOf(type) is not null || typeof(IFormattable).IsAssignableFrom(type)
            || type == typeof(JsonElement) || type == typeof(BitArray) || type == typeof(PhysicalAddress) || type == typeof(Dictionary<string, string?>);

    /// <summary>Enums travel as their member's label, bits as text, and types of which nothing is known as their text.</summary>
    public static ColumnForm Of(Type type) => type.IsArray && type != typeof(byte[]) && ScalarOf(Element(type)) is { } element
        ? new ColumnForm(element, IsArray: true)
        : new ColumnForm(ScalarOf(type) ?? "text", IsArray: false);

    /// <summary>The form in which values go to a column that is there.</summary>
    public static ColumnForm Of(Type type, TargetColumn target) => IsZoned(type, target) ? Of(typeof(string)) : Of(type);

    /// <summary>Whether values that may or may not be instants go to a column of instants: they travel as texts, which say what they are.</summary>
    public static bool IsZoned(Type type, TargetColumn target) => type == typeof(DateTime) && target is { BaseType: "timestamptz", IsArray: false };

    /// <summary>The type for a new table's column.</summary>
    public static string ForNewColumn(Type type) =>
        type == typeof(JsonElement) ? "pg_catalog.jsonb"
        : type == typeof(BitArray) ? "pg_catalog.varbit"
        : Of(type).Sql;

    /// <summary>Whether the type of a column of type <paramref name="target"/> (its name in <c>pg_catalog</c>) takes values of this form; single values
    /// that its length or precision would change are refused one by one (<see cref="ColumnCast.Loss"/>).</summary>
    /// <remarks>Text is read by the target type itself.</remarks>
    public bool Fits(string target, bool isTargetArray) => IsArray == isTargetArray
        ? Type == target || Type == "text" || target is "text" or "varchar" || IsWidened(target) || (!IsArray && IsConverted(target))
        : (Type == "text" && !IsArray) || IsVector(target);

    /// <summary>Whether a column of that type is a vector of pgvector, and values of this form are one.</summary>
    public bool IsVector(string target) => IsArray && Type == "float4" && target is "vector" or "halfvec";

    private bool IsWidened(string target) => Type switch
    {
        "int2" => target is "int4" or "int8" or "numeric" or "float4" or "float8",
        "int4" => target is "int8" or "numeric" or "float8",
        "int8" => target is "numeric",
        "float4" => target is "float8",
        _ => false,
    };

    private bool IsConverted(string target) => (Type, target) is ("bool", "bit") or ("numeric", "money") or ("interval", "time");

    private static Type Element(Type array) => array.GetElementType() is { } element ? Nullable.GetUnderlyingType(element) ?? element : array;

    private static string? ScalarOf(Type type) =>
        type == typeof(bool) ? "bool"
        : type == typeof(short) ? "int2"
        : type == typeof(int) ? "int4"
        : type == typeof(long) ? "int8"
        : type == typeof(float) ? "float4"
        : type == typeof(double) ? "float8"
        : type == typeof(decimal) ? "numeric"
        : type == typeof(string) ? "text"
        : type == typeof(Guid) ? "uuid"
        : type == typeof(DateTime) ? "timestamp"
        : type == typeof(DateTimeOffset) ? "timestamptz"
        : type == typeof(DateOnly) ? "date"
        : type == typeof(TimeOnly) ? "time"
        : type == typeof(TimeSpan) ? "interval"
        : type == typeof(byte[]) ? "bytea"
        : null;
}
