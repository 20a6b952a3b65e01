using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Preflight;

/// <summary>What columns may hold, or leave out, that would stop a pipeline at some row: nobody can know whether such a row comes.</summary>
internal static class ValueChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresTable table, TableOutput output, Startup startup)
    {
        (ColumnDescriptor Wanted, PostgresColumn Column)[] read =
            [.. output.Schema.Columns.Select(wanted => (wanted, table.Find(wanted))).Where(pair => pair.Item2 is not null).Select(pair => (pair.wanted, pair.Item2!))];
        if (Nulls(table, output, [.. read.Where(pair => pair.Column.IsNullable && !pair.Wanted.IsNullable)]) is { } nulls)
        {
            yield return nulls;
        }

        // Of a key's value the log tells the old one, and a snapshot has them all. No label of an enum is large.
        if (table.Identity != 'f' && startup != Startup.SnapshotOnly
            && Unchanged(table, output, [.. read.Where(pair => pair.Column.MayBeUnchanged && !pair.Wanted.ClrType.IsEnum && !table.Key.Contains(pair.Column))]) is { } unchanged)
        {
            yield return unchanged;
        }
    }

    private static PreflightCheck? Nulls(PostgresTable table, TableOutput output, (ColumnDescriptor Wanted, PostgresColumn Column)[] columns)
    {
        var alter = string.Join(", ", columns.Select(pair => $"ALTER COLUMN {SqlText.Identifier(pair.Column.Name)} SET NOT NULL"));
        return columns.Length == 0 ? null : new(
            $"nulls {output.NodeId}", PreflightStatus.Warning,
            $"{Properties(output, columns)} takes no null, and {table.Id} has {string.Join(", ", columns.Select(pair => pair.Column.Name))} without NOT NULL: the first NULL stops the pipeline.",
            ErrorCodes.NullColumn, $"ALTER TABLE {SqlText.Table(table.Id)} {alter}; -- or make the property nullable");
    }

    private static PreflightCheck? Unchanged(PostgresTable table, TableOutput output, (ColumnDescriptor Wanted, PostgresColumn Column)[] columns) => columns.Length == 0 ? null : new(
        $"unchanged {output.NodeId}", PreflightStatus.Passed,
        $"An update of {table.Id} carries large values of {string.Join(", ", columns.Select(pair => pair.Column.Name))} where it alters them.")
    {
        UnchangedAt = output.NodeId,
        Unchanged = [.. columns.Select(pair => pair.Wanted.Property)],
        WholeOldRowsBy = $"ALTER TABLE {SqlText.Table(table.Id)} REPLICA IDENTITY FULL;",
    };

    private static string Properties(TableOutput output, (ColumnDescriptor Wanted, PostgresColumn Column)[] columns) =>
        string.Join(", ", columns.Select(pair => $"{output.Schema.RowType}.{pair.Wanted.Property}"));
}
