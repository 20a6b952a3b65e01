using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Locking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Rules;

/// <summary>Row types against a schema lock: the table is there, and has the row type's key. <see cref="LockedColumnRules"/> looks at the columns.</summary>
/// <remarks>What a start would refuse is an error, what it would warn of or may stop at is a warning.</remarks>
internal static class LockRules
{
    private const string Product = "PostgreSQL";

    public static void Check(PipelineDeclaration pipeline, IReadOnlyList<SchemaLock> locks, Report report)
    {
        foreach (var source in pipeline.Sources.Where(source => source is { Row: INamedTypeSymbol { TypeKind: TypeKind.Class }, Product: Product, Connection: not null }))
        {
            var row = pipeline.Row(source.Row!);
            var (schema, name) = source.Table;
            var connections = locks.Select(each => each.Find(source.Connection)).OfType<LockedConnection>().ToList();
            if (connections.Select(connection => connection.Find(schema, name)).FirstOrDefault(found => found is not null) is { } table)
            {
                CheckKey(row, table, source, report);
                LockedColumnRules.Check(row, table, source, report);
            }
            else if (connections.Exists(connection => connection.IsWhole))
            {
                var tables = connections.SelectMany(connection => connection.Tables).ToList();
                var near = tables.Find(each => each.Name == NearName.Of(name, tables.Select(other => other.Name)));
                report.AddWithSuggestion(
                    Descriptors.LockedTableMissing, source.Attribute.Place(source.Member), near is null ? null : $"Table = {SymbolDisplay.FormatLiteral(near.ToString(), quote: true)}",
                    source.Connection, $"{schema}.{name}", near is null ? "" : $": did you mean {near}?");
            }
            else
            {
                report.Add(Descriptors.NotLocked, source.Attribute.Place(source.Member), row.Type.Name, source.Connection, Pasted.Word($"{schema}.{name}"));
            }
        }
    }

    private static void CheckKey(RowType row, LockedTable table, SourceDeclaration source, Report report)
    {
        List<string> names = [.. table.Columns.Select(column => column.Name)];
        List<string> key = [.. row.Key.Select(property => LockedColumnRules.Find(property, names) is >= 0 and var index ? names[index] : property.Name)];
        if (key.Count == 0 ? table.HasWholeOldRows : table.Key.Count == 0 || new HashSet<string>(key).SetEquals(table.Key))
        {
            return;
        }

        var fix = table.Key.Count > 0
            ? $"put [Key] on the properties of exactly {string.Join(", ", table.Key)}"
            : $"give the table one, or let its log carry whole old rows: ALTER TABLE {Pasted.Sql(table.Schema, table.Name)} REPLICA IDENTITY FULL";
        report.Add(Descriptors.LockedKey, RowRules.Place(row.Type, source), row.Type.Name, Spell(key), table, Spell(table.Key), fix);
    }

    private static string Spell(IReadOnlyList<string> key) => key.Count == 0 ? "no key" : $"key ({string.Join(", ", key)})";
}
