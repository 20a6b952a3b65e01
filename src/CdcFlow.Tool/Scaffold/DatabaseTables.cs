using System.Globalization;
using CdcFlow.Postgres.Preflight;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Tool.Scaffold;

/// <summary>Reads tables out of the server's catalog, as a pipeline's start does.</summary>
internal sealed class DatabaseTables(PostgresConnection connection)
{
    private readonly PostgresTypeCatalog types = new();

    /// <summary>The tables of these names; without any, all that are logged and that the role may read.</summary>
    /// <exception cref="CdcFlowException">CDCF4034: there is no table of such a name. CDCF1021: there are none at all.</exception>
    internal IReadOnlyList<DatabaseTable> Read(IReadOnlyList<string> names)
    {
        var ids = names.Count > 0 ? [.. names.Select(Named).Distinct()] : Listed(isReadable: true);
        return ids.Count > 0 ? [.. ids.Select(Read)] : throw NoTables();
    }

    /// <summary>Those of these tables that there are.</summary>
    internal IReadOnlyList<DatabaseTable> ReadKnown(IEnumerable<TableId> ids) => [.. ids.Where(id => TableCatalog.Find(connection, id) is not null).Select(Read)];

    private CdcFlowException NoTables()
    {
        var role = connection.Query("SELECT current_user").Scalar!;
        var schemas = Listed(isReadable: false).Select(table => SqlText.Identifier(table.Schema)).Distinct();
        var grants = string.Join(' ', schemas.Select(schema =>
            $"GRANT USAGE ON SCHEMA {schema} TO {SqlText.Identifier(role)}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {SqlText.Identifier(role)};"));
        return new(
            ToolErrorCodes.NoTables,
            $"Database {connection.Query("SELECT current_database()").Scalar} has no table that role {role} may read.",
            grants.Length > 0 ? grants : "Name another database in the connection string: this one has no tables.");
    }

    private static TableId Named(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        ? new TableId(name[..dot], name[(dot + 1)..])
        : new TableId("public", name);

    // Not what belongs to an extension or to a pipeline, nor partitions: their root stands for them.
    private IReadOnlyList<TableId> Listed(bool isReadable) =>
        [.. connection.Query(
            $"""
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND c.relname NOT IN ('cdcflow_checkpoint', 'cdcflow_rejects')
              AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')) = {isReadable}
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY n.nspname <> 'public', n.nspname, c.relname
            """).Rows.Select(row => new TableId(row[0]!, row[1]!))];

    private DatabaseTable Read(TableId id)
    {
        if (TableCatalog.Find(connection, id) is not { } table)
        {
            var missing = TableChecks.Missing(connection, id);
            throw new CdcFlowException(missing.Code!, missing.Sentence, missing.Fix);
        }

        types.Load(connection, table.Columns.Select(column => column.TypeOid));
        var dimensions = connection.Query($"SELECT attnum, attndims FROM pg_attribute WHERE attrelid = {table.Oid} AND attnum > 0").Rows.ToDictionary(
            row => short.Parse(row[0]!, CultureInfo.InvariantCulture), row => int.Parse(row[1]!, CultureInfo.InvariantCulture));
        return new DatabaseTable(table, [.. table.Columns.Select(column =>
            new DatabaseColumn(column, types[column.TypeOid], types[column.TypeOid].IsEnum ? Enum(column.TypeOid) : null, dimensions[column.Number]))]);
    }

    // A domain over an enum has no labels of its own.
    private DatabaseEnum Enum(uint oid)
    {
        var rows = connection.Query(
            $"""
            WITH RECURSIVE base AS (
                SELECT oid, typname, typnamespace, typbasetype FROM pg_type WHERE oid = {oid}
                UNION ALL
                SELECT t.oid, t.typname, t.typnamespace, t.typbasetype FROM pg_type t JOIN base b ON t.oid = b.typbasetype)
            SELECT n.nspname, b.typname, e.enumlabel
            FROM base b JOIN pg_namespace n ON n.oid = b.typnamespace JOIN pg_enum e ON e.enumtypid = b.oid ORDER BY e.enumsortorder
            """).Rows;
        return rows is [{ } first, ..] ? new DatabaseEnum(new TableId(first[0]!, first[1]!), [.. rows.Select(row => row[2]!)]) : new DatabaseEnum(default, []);
    }
}
