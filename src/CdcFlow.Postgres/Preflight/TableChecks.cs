using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>What a table must be, and whether its row types fit it.</summary>
internal static class TableChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, PostgresTable table, IReadOnlyList<TableOutput> outputs, Startup startup)
    {
        yield return Logged(connection, table);
        yield return Readable(connection, table);
        yield return WholeForTheRole(connection, table);
        foreach (var check in IdentityChecks.Run(connection, table, outputs))
        {
            yield return check;
        }

        foreach (var output in outputs)
        {
            yield return Columns(connection, table, output, startup);
            yield return Key(connection, table, output);
            foreach (var check in ValueChecks.Run(table, output, startup))
            {
                yield return check;
            }

            foreach (var check in LabelChecks.Run(connection, table, output))
            {
                yield return check;
            }
        }
    }

    /// <summary>Whether the log names the table's rows, and by the keys of its row types.</summary>
    internal static IEnumerable<PreflightCheck> Keys(PostgresConnection connection, PostgresTable table, IReadOnlyList<TableOutput> outputs) =>
        outputs.Select(output => Key(connection, table, output)).Concat(IdentityChecks.Run(connection, table, outputs));

    internal static PreflightCheck Missing(PostgresConnection connection, TableId table)
    {
        var similar = connection.Query(
            $"""
            SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE lower(c.relname) = lower({SqlText.Literal(table.Name)}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1 LIMIT 3
            """).Rows.Select(row => row[0]!).ToArray();
        var hint = similar.Length == 0 ? "Look at the database in the connection string, and at [Table]." : $"There is {string.Join(", ", similar)}; only tables have a log.";
        return Failed($"table {table}", PostgresSourceErrorCodes.UnknownTable, $"There is no table {table}.", hint);
    }

    // A partition may be unlogged where its root is not.
    private static PreflightCheck Logged(PostgresConnection connection, PostgresTable table)
    {
        var unlogged = connection.Query(
            $"SELECT c.oid::regclass FROM pg_partition_tree({table.Oid}) t JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf AND c.relpersistence <> 'p' ORDER BY 1")
            .Rows.Select(row => row[0]!).ToArray();
        if (!table.IsPermanent && unlogged.Length == 0)
        {
            unlogged = [Sql(table)];
        }

        return unlogged.Length == 0
            ? new($"table {table.Id}", PreflightStatus.Passed, $"Table {table.Id} is logged; {Size(table)}.")
            : Failed(
                $"table {table.Id}", PostgresSourceErrorCodes.UnknownTable,
                $"{(table.IsPartitioned ? $"Of table {table.Id}, {string.Join(", ", unlogged)} is" : $"Table {table.Id} is")} unlogged or temporary: its changes are in no log.",
                string.Join(' ', unlogged.Select(each => $"ALTER TABLE {each} SET LOGGED;")));
    }

    private static string Size(PostgresTable table) => table.EstimatedRows is { } rows
        ? string.Create(CultureInfo.InvariantCulture, $"about {rows:N0} rows")
        : "it was never analyzed, so its number of rows is unknown until it is read";

    private static PreflightCheck Readable(PostgresConnection connection, PostgresTable table)
    {
        var user = SqlText.Identifier(connection.Query("SELECT current_user").Scalar!);
        var schema = SqlText.Identifier(table.Id.Schema);
        var mayEnter = connection.Query($"SELECT has_schema_privilege({SqlText.Literal(table.Id.Schema)}, 'USAGE')").Scalar == "t";
        return mayEnter && table.IsReadable
            ? new($"grants {table.Id}", PreflightStatus.Passed, $"Table {table.Id} may be read.")
            : Failed(
                $"grants {table.Id}", PostgresSourceErrorCodes.Grant, $"Role {user} may not read table {table.Id}.",
                (mayEnter ? "" : $"GRANT USAGE ON SCHEMA {schema} TO {user}; ") + $"GRANT SELECT ON {Sql(table)} TO {user};");
    }

    // The log is not filtered by policies, so rows that the snapshot does not see would come with their changes.
    private static PreflightCheck WholeForTheRole(PostgresConnection connection, PostgresTable table)
    {
        var row = connection.Query($"SELECT row_security_active({table.Oid}), current_user").Rows[0];
        return row[0] == "f"
            ? new($"row_security {table.Id}", PreflightStatus.Passed, $"No policy hides rows of table {table.Id}.")
            : Failed(
                $"row_security {table.Id}", PostgresSourceErrorCodes.Grant, $"Policies of table {table.Id} (row level security) may hide rows from role {row[1]}.",
                $"ALTER ROLE {SqlText.Identifier(row[1]!)} BYPASSRLS;");
    }

    private static PreflightCheck Columns(PostgresConnection connection, PostgresTable table, TableOutput output, Startup startup)
    {
        var name = $"columns {output.NodeId}";
        try
        {
            var types = new PostgresTypeCatalog();
            types.Load(connection, table.Columns.Select(column => column.TypeOid));
            output.BindSnapshot([.. table.Columns.Select(column => new ServerColumn(column.Name, types[column.TypeOid]))]);
        }
        catch (CdcFlowException e) when (e.Code == PostgresWireErrorCodes.ColumnsDoNotFit)
        {
            return Failed(name, e.Code, e.Happened, e.Fix);
        }

        if (table.Key.FirstOrDefault(column => !column.CanBePublished) is { } key)
        {
            return Failed(
                name, PostgresSourceErrorCodes.Column, $"Column '{key.Name}' of the key of {table.Id} is generated, and the log of this server does not carry it.",
                $"{ByOtherColumns(connection, table)} Or read the table on PostgreSQL 18, which publishes stored ones.");
        }

        var uncarried = output.Schema.Columns.Select(table.Find).OfType<PostgresColumn>().Where(column => !column.CanBePublished).Select(column => column.Name).ToArray();
        return uncarried.Length == 0 || startup == Startup.SnapshotOnly // no change comes that could lack them
            ? new(name, PreflightStatus.Passed, $"{output.Schema.RowType} fits table {table.Id}.")
            : new(
                name, PreflightStatus.Warning,
                $"{output.Schema.RowType} reads generated columns ({string.Join(", ", uncarried)}): snapshot rows have them, changes from the log do not carry them.",
                PostgresSourceErrorCodes.Column, "Leave them out ([NotMapped]), or read them on PostgreSQL 18, which publishes stored ones.")
            { NotCarriedAt = output.NodeId };
    }

    private static string ByOtherColumns(PostgresConnection connection, PostgresTable table)
    {
        var index = connection.Query(
            $"""
            SELECT c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
            WHERE i.indrelid = {table.Oid} AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL
            GROUP BY c.relname, i.indnkeyatts HAVING count(*) = i.indnkeyatts AND bool_and(a.attnotnull AND a.attgenerated = '') ORDER BY 1 LIMIT 1
            """).Rows;
        return index is [{ } row]
            ? $"Name rows by other columns, with [Key] on their properties ({row[1]}): ALTER TABLE {Sql(table)} REPLICA IDENTITY USING INDEX {SqlText.Identifier(row[0]!)};"
            : $"Name rows by other columns, with [Key] on their properties: give the table a unique index of columns that are NOT NULL and not generated, and then ALTER TABLE {Sql(table)} REPLICA IDENTITY USING INDEX …;";
    }

    private static PreflightCheck Key(PostgresConnection connection, PostgresTable table, TableOutput output)
    {
        var name = $"key {output.NodeId}";
        var rowType = output.Schema.RowType;
        var key = output.Schema.KeyColumns.Select(index => output.Schema.Columns[index])
            .Select(wanted => table.Find(wanted)?.Name ?? wanted.Name).Order(StringComparer.Ordinal).ToArray();
        var tableKey = table.Key.Select(column => column.Name).Order(StringComparer.Ordinal).ToArray();
        if (key.Length == 0)
        {
            return table.Identity == 'f'
                ? new(name, PreflightStatus.Passed, $"{rowType} has no key; changes carry the whole old row.")
                : Failed(
                    name, PostgresSourceErrorCodes.Key, $"{rowType} has no [Key], and the log of {table.Id} carries only the key of deleted rows.",
                    tableKey.Length > 0 ? $"Put [Key] on the properties of: {string.Join(", ", tableKey)}." : $"ALTER TABLE {Sql(table)} REPLICA IDENTITY FULL;");
        }

        return tableKey.Length == 0 || key.SequenceEqual(tableKey, StringComparer.Ordinal)
            ? new(name, PreflightStatus.Passed, $"{rowType} has the table's key ({string.Join(", ", key)}).")
            {
                PartialOldRowsAt = table.Identity == 'f' ? null : output.NodeId,
                WholeOldRowsBy = $"ALTER TABLE {Sql(table)} REPLICA IDENTITY FULL;",
            }
            : Failed(
                name, PostgresSourceErrorCodes.Key, $"{rowType} has key ({string.Join(", ", key)}), table {table.Id} has ({string.Join(", ", tableKey)}).",
                $"Put [Key] on the properties of exactly: {string.Join(", ", tableKey)}. {ByFormerKey(connection, table, key)}");
    }

    // Whoever altered the identity, or the key, of a table that is read already meant no other key of the row type.
    private static string ByFormerKey(PostgresConnection connection, PostgresTable table, string[] key)
    {
        var byDefault = table.Identity == 'i' ? $" ALTER TABLE {Sql(table)} REPLICA IDENTITY DEFAULT;" : "";
        if (key.SequenceEqual(table.PrimaryKey.Order(StringComparer.Ordinal)))
        {
            return $"Or have the log name rows by the primary key, which the row type has:{byDefault}";
        }

        var former = connection.Query($"SELECT conname FROM pg_constraint WHERE conrelid = {table.Oid} AND contype = 'p'").Scalar;
        var drop = former is null ? "" : $"DROP CONSTRAINT {SqlText.Identifier(former)}, ";
        return $"Or give the table the key of the row type: ALTER TABLE {Sql(table)} {drop}ADD PRIMARY KEY ({string.Join(", ", key.Select(SqlText.Identifier))});{byDefault}";
    }

    private static string Sql(PostgresTable table) => SqlText.Table(table.Id);

    private static PreflightCheck Failed(string name, string code, string sentence, string? fix) => new(name, PreflightStatus.Failed, sentence, code, fix);
}
