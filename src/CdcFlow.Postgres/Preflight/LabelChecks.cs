using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether the labels of an enum stay apart as members of the property's: case and underscores do not tell them from each other there.</summary>
internal static class LabelChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, PostgresTable table, TableOutput output)
    {
        foreach (var wanted in output.Schema.Columns.Where(column => column.ClrType.IsEnum))
        {
            if (table.Find(wanted) is not { } column)
            {
                continue;
            }

            var rows = connection.Query($"SELECT enumlabel, format_type(enumtypid, NULL) FROM pg_enum WHERE enumtypid = {column.TypeOid} ORDER BY enumsortorder").Rows;
            foreach (var labels in rows.Select(row => row[0]!).GroupBy(label => ServerLabels.MemberOf(wanted, label)).Where(labels => labels.Key is not null && labels.Count() > 1))
            {
                yield return Shared(table, output, column, $"{wanted.ClrType.Name}.{labels.Key}", rows[0][1]!, [.. labels]);
            }
        }
    }

    private static PreflightCheck Shared(PostgresTable table, TableOutput output, PostgresColumn column, string member, string type, string[] labels) => new(
        $"labels {output.NodeId}.{column.Name}", PreflightStatus.Warning,
        $"Labels {string.Join(", ", labels)} of column '{column.Name}' of {table.Id} all come as {member}: case and underscores do not tell members apart.",
        PostgresWireErrorCodes.ColumnsDoNotFit,
        $"ALTER TYPE {type} RENAME VALUE {SqlText.Literal(labels[^1])} TO {SqlText.Literal(labels[^1] + "2")}; -- or make the property a string");
}
