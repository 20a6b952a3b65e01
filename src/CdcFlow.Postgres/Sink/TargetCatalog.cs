namespace CdcFlow.Postgres.Sink;

/// <summary>Reads what the server knows of a sink's table.</summary>
internal static class TargetCatalog
{
    private const string FindTable =
        """
        SELECT c.oid::int8, r.name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r(name) ON NOT pg_catalog.has_table_privilege(c.oid, r.name)
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
        """;

    private const string ListColumns =
        """
        SELECT a.attname::text, pg_catalog.format_type(a.atttypid, NULL), COALESCE(e.typname, b.typname, t.typname)::text, e.oid IS NOT NULL,
          a.attnotnull OR t.typnotnull, a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL, a.attgenerated <> ''
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
        LEFT JOIN pg_catalog.pg_type e ON e.oid = COALESCE(b.typelem, t.typelem) AND COALESCE(b.typcategory, t.typcategory) = 'A'
        WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    private const string ListUniqueIndexes =
        """
        SELECT ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts)
        FROM pg_catalog.pg_index i
        WHERE i.indrelid = $1::int8::oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
        """;

    /// <summary>The table; null when there is none.</summary>
    public static async ValueTask<TargetTable?> ReadAsync(SinkSession session, TableId table, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(
            FindTable, reader => (Oid: reader.GetInt64(0), MissingRight: reader.IsDBNull(1) ? null : reader.GetString(1)), cancellationToken, table.Schema, table.Name);
        if (found.Count == 0)
        {
            return null;
        }

        var columns = await session.QueryAsync(
            ListColumns,
            reader => new TargetColumn(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6)),
            cancellationToken, found[0].Oid);
        var indexes = await session.QueryAsync(
            ListUniqueIndexes, reader => (IReadOnlyList<string>)reader.GetFieldValue<string[]>(0), cancellationToken, found[0].Oid);
        return new TargetTable(columns, indexes, [.. found.Select(row => row.MissingRight).OfType<string>()]);
    }

    /// <summary>Whether the schema exists, and whether the role may create tables in it.</summary>
    public static async ValueTask<(bool Exists, bool MayCreate)> SchemaAsync(SinkSession session, string schema, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            "SELECT pg_catalog.has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace WHERE nspname = $1",
            reader => (true, reader.GetBoolean(0)), cancellationToken, schema)).FirstOrDefault();
}
