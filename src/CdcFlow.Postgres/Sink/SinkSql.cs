using System.Text;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Sink;

/// <summary>Names in the sink's SQL. They may come from the source and are treated as hostile.</summary>
internal static class SinkSql
{
    private const int LongestName = 63;

    /// <summary>A name that PostgreSQL keeps as it is.</summary>
    /// <exception cref="CdcFlowException">It is empty, too long, or holds a zero character.</exception>
    public static string Checked(string kind, string name) =>
        name.Length == 0 ? throw PostgresSinkErrors.BadName(kind, "is empty")
        : name.Contains('\0', StringComparison.Ordinal) ? throw PostgresSinkErrors.BadName(kind, "holds a zero character")
        : Encoding.UTF8.GetByteCount(name) > LongestName ? throw PostgresSinkErrors.BadName(kind, $"is longer than {LongestName} bytes")
        : name;

    public static string Quoted(string name) => SqlText.Identifier(name);

    public static string Quoted(TableId table) => $"{Quoted(table.Schema)}.{Quoted(table.Name)}";

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quoted));
}
