using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Tables that have another name than when the checkpoint was made.</summary>
internal static class RenamedTables
{
    /// <summary>Where a table that is to be read has none of its name left, because it bears another one now: says so; null where no table is the one that the state knows.</summary>
    internal static PreflightCheck? Check(PostgresConnection connection, PostgresSourceState? state, TableId table)
    {
        if (state?.Schemas.GetValueOrDefault(table)?.Identity is not { } identity)
        {
            return null;
        }

        var now = connection.Query(
            $"SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {SqlText.Literal(identity)}::oid").Rows;
        return now is [{ } row] ? Away(table, new TableId(row[0]!, row[1]!)) : null;
    }

    /// <summary>The state with the tables' names of now, so that a table whose new name the pipeline was told goes on where it was.</summary>
    internal static PostgresSourceState Follow(PostgresSourceState state, IReadOnlyList<PostgresTable> definitions)
    {
        foreach (var (old, now) in Between(state, definitions))
        {
            var known = state.Schemas[old];
            state = state with
            {
                Tables = [.. state.Tables.Select(table => table.Table == old ? table with { Table = now } : table)],
                Schemas = new Dictionary<TableId, TableSchema>(state.Schemas) { [now] = new(now, known.Columns, known.Identity) },
            };
        }

        return state;
    }

    /// <summary>By their names in the state, the tables that bear another one now.</summary>
    internal static Dictionary<TableId, TableId> Between(PostgresSourceState state, IReadOnlyList<PostgresTable> definitions)
    {
        var renamed = new Dictionary<TableId, TableId>();
        foreach (var definition in definitions.Where(definition => state.Tables.All(table => table.Table != definition.Id)))
        {
            var identity = definition.Schema.Identity;
            if (state.Schemas.Values.FirstOrDefault(schema => schema.Identity == identity && definitions.All(other => other.Id != schema.Table)) is { } known)
            {
                renamed[known.Table] = definition.Id;
            }
        }

        return renamed;
    }

    private static PreflightCheck Away(TableId table, TableId now)
    {
        var back = new List<string>();
        if (now.Name != table.Name)
        {
            back.Add($"ALTER TABLE {SqlText.Table(now)} RENAME TO {SqlText.Identifier(table.Name)};");
        }

        if (now.Schema != table.Schema)
        {
            back.Add($"ALTER TABLE {SqlText.Table(now with { Name = table.Name })} SET SCHEMA {SqlText.Identifier(table.Schema)};");
        }

        return new PreflightCheck(
            $"table {table}", PreflightStatus.Failed, $"Table {table} is named {now} now.", PostgresSourceErrorCodes.TableAway,
            $"Give it its name back: {string.Join(' ', back)} Or name the new one, and the pipeline goes on where it was: Table = \"{now}\".");
    }
}
