using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>What a table is, through whichever connection string it is looked at: its server, its database, its name.</summary>
/// <remarks>
/// The server is known by when it was started, to the microsecond, and not by its system identifier: a copy of a server, as after a promotion or out of a backup,
/// has the same identifier and the same object ids, and copying from one to the other is no loop. A table that is still to be made has a place as well.
/// </remarks>
internal static class TablePlaces
{
    /// <summary>Lists the addresses of a table and of its partitions.</summary>
    public static string ListSql(TableId table) =>
        $"""
        SELECT pg_catalog.format('postgresql://%s/%s/%I.%I', EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time()), d.oid, t.schema, t.name)
        FROM pg_catalog.pg_database d, (
          SELECT {SqlText.Literal(table.Schema)}::pg_catalog.text, {SqlText.Literal(table.Name)}::pg_catalog.text
          UNION
          SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace s ON s.oid = r.relnamespace,
            pg_catalog.pg_partition_tree(r.oid) p JOIN pg_catalog.pg_class c ON c.oid = p.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE s.nspname = {SqlText.Literal(table.Schema)} AND r.relname = {SqlText.Literal(table.Name)}) t(schema, name)
        WHERE d.datname = pg_catalog.current_database()
        """;
}
