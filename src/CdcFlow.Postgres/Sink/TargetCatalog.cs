using System.Text.Json;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Reads what the server knows of a sink's table.</summary>
internal static class TargetCatalog
{
    private const string FindTable =
        """
        SELECT c.oid::pg_catalog.int8, r.name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.unnest(ARRAY['USAGE', 'SELECT', 'INSERT', 'UPDATE', 'DELETE']) r(name)
          ON NOT CASE r.name WHEN 'USAGE' THEN pg_catalog.has_schema_privilege(n.oid, 'USAGE') ELSE pg_catalog.has_table_privilege(c.oid, r.name) END
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    // Partitions may be unlogged, and have triggers and rules of their own. A row trigger that runs before the deed may pass over it (tgtype: 1 row, 2 before, 8 delete).
    private const string ListHazards =
        """
        WITH leaves(oid) AS (SELECT $1::pg_catalog.int8::pg_catalog.oid UNION SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree($1::pg_catalog.int8::pg_catalog.oid) p)
        SELECT c.relkind::pg_catalog.text, (SELECT pg_catalog.bool_or(u.relpersistence = 'u') FROM leaves l JOIN pg_catalog.pg_class u ON u.oid = l.oid),
          pg_catalog.row_security_active(c.oid),
          (SELECT pg_catalog.format('%I ON %s', w.rulename, l.oid::pg_catalog.regclass) FROM leaves l JOIN pg_catalog.pg_rewrite w ON w.ev_class = l.oid LIMIT 1),
          EXISTS (SELECT FROM leaves l JOIN pg_catalog.pg_trigger g ON g.tgrelid = l.oid
            WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgtype::pg_catalog.int4 & 11 = 11)
        FROM pg_catalog.pg_class c WHERE c.oid = $1::pg_catalog.int8::pg_catalog.oid
        """;

    // confdeltype: c CASCADE, n SET NULL, d SET DEFAULT; conenforced came with 18. Of a partition's key, the one above all can be altered. Rows that it points to are
    // removed by the names of partitions and roots as well. Its definition is the same without what it does at a delete, checked at the end, and put together of its
    // parts: a name may look like any clause.
    private const string ListForeignKeys =
        """
        WITH RECURSIVE own(oid) AS (SELECT $1::pg_catalog.int8::pg_catalog.oid UNION SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree($1::pg_catalog.int8::pg_catalog.oid) p),
        keys(oid, above, parent) AS (
          SELECT k.oid, k.conparentid, k.confrelid FROM own JOIN pg_catalog.pg_constraint k ON k.conrelid = own.oid
          WHERE k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') AND (pg_catalog.to_jsonb(k) ->> 'conenforced') IS DISTINCT FROM 'false'
          UNION
          SELECT k.oid, k.conparentid, k.confrelid FROM keys l JOIN pg_catalog.pg_constraint k ON k.oid = l.above),
        parents(key, oid) AS (
          SELECT l.oid, l.parent FROM keys l WHERE l.above = 0
          UNION
          SELECT l.oid, a.relid::pg_catalog.oid FROM keys l CROSS JOIN LATERAL pg_catalog.pg_partition_ancestors(l.parent) a WHERE l.above = 0
          UNION
          SELECT l.oid, t.relid::pg_catalog.oid FROM keys l CROSS JOIN LATERAL pg_catalog.pg_partition_tree(l.parent) t WHERE l.above = 0)
        SELECT pg_catalog.quote_ident(k.conname), m.nspname::pg_catalog.text, c.relname::pg_catalog.text, n.nspname::pg_catalog.text, p.relname::pg_catalog.text,
          pg_catalog.format('FOREIGN KEY (%s) REFERENCES %I.%I(%s)%s%s DEFERRABLE INITIALLY DEFERRED',
            (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY u.place)
              FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u(number, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
            o.nspname, q.relname,
            (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY u.place)
              FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(number, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
            CASE k.confmatchtype WHEN 'f' THEN ' MATCH FULL' END,
            CASE k.confupdtype WHEN 'r' THEN ' ON UPDATE RESTRICT' WHEN 'c' THEN ' ON UPDATE CASCADE' WHEN 'n' THEN ' ON UPDATE SET NULL' WHEN 'd' THEN ' ON UPDATE SET DEFAULT' END)
        FROM parents e JOIN pg_catalog.pg_constraint k ON k.oid = e.key
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace m ON m.oid = c.relnamespace
        JOIN pg_catalog.pg_class p ON p.oid = e.oid JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
        JOIN pg_catalog.pg_class q ON q.oid = k.confrelid JOIN pg_catalog.pg_namespace o ON o.oid = q.relnamespace
        ORDER BY k.oid, p.oid
        """;

    // A column's type, then what is under it: the type of a domain, the element of an array. A domain's own length replaces the column's, which has none.
    private const string ListColumns =
        """
        WITH RECURSIVE layers(attnum, depth, oid, typmod, is_array, is_not_null, has_default) AS (
          SELECT a.attnum, 0, a.atttypid, a.atttypmod, false, a.attnotnull, a.atthasdef OR a.attidentity <> '' FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = $1::pg_catalog.int8::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT l.attnum, l.depth + 1, COALESCE(e.oid, t.typbasetype), CASE WHEN e.oid IS NULL THEN t.typtypmod ELSE l.typmod END, l.is_array OR e.oid IS NOT NULL,
            l.is_not_null OR NOT l.is_array AND t.typnotnull, l.has_default OR NOT l.is_array AND t.typdefault IS NOT NULL
          FROM layers l JOIN pg_catalog.pg_type t ON t.oid = l.oid LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
          WHERE t.typtype = 'd' OR e.oid IS NOT NULL)
        SELECT DISTINCT ON (l.attnum) a.attname::pg_catalog.text, pg_catalog.format_type(a.atttypid, a.atttypmod),
          pg_catalog.format_type(s.oid, -1), CASE WHEN l.typmod <> -1 THEN pg_catalog.format_type(s.oid, l.typmod) END, t.typname::pg_catalog.text,
          l.is_array, t.typtype = 'c', l.is_not_null, l.has_default, a.attgenerated <> '', a.attidentity = 'a',
          COALESCE((SELECT o.collisdeterministic FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation), true),
          (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)::pg_catalog.text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
        FROM layers l JOIN pg_catalog.pg_type t ON t.oid = l.oid CROSS JOIN LATERAL (SELECT CASE WHEN l.is_array THEN t.typarray ELSE t.oid END) s(oid)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::pg_catalog.int8::pg_catalog.oid AND a.attnum = l.attnum
        ORDER BY l.attnum, l.depth DESC
        """;

    private const string ListUniqueIndexes =
        """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(c.relname), i.indimmediate, a.attname::pg_catalog.text, pg_catalog.format('OPERATOR(%I.%s)', s.nspname, o.oprname),
          s.nspname <> 'pg_catalog', COALESCE(l.collisdeterministic, true)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL ROWS FROM (
          pg_catalog.unnest(i.indkey::pg_catalog.int2[]), pg_catalog.unnest(i.indclass::pg_catalog.oid[]), pg_catalog.unnest(i.indcollation::pg_catalog.oid[]))
          WITH ORDINALITY k(number, opclass, collation_oid, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
        JOIN pg_catalog.pg_opclass q ON q.oid = k.opclass
        JOIN pg_catalog.pg_amop m ON m.amopfamily = q.opcfamily AND m.amopstrategy = 3 AND m.amoplefttype = q.opcintype AND m.amoprighttype = q.opcintype
        JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace
        LEFT JOIN pg_catalog.pg_collation l ON l.oid = k.collation_oid
        WHERE i.indrelid = $1::pg_catalog.int8::pg_catalog.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        ORDER BY i.indexrelid, k.place
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

        var columns = await session.QueryAsync(ListColumns, Column, cancellationToken, found[0].Oid);
        var indexed = await session.QueryAsync(
            ListUniqueIndexes,
            reader => (
                Index: new UniqueIndex(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), []),
                Column: new IndexedColumn(reader.GetString(3), reader.GetString(4), reader.GetBoolean(5), reader.GetBoolean(6))),
            cancellationToken, found[0].Oid);
        var indexes = indexed.GroupBy(row => row.Index.Name).Select(rows => rows.First().Index with { Columns = [.. rows.Select(row => row.Column)] });
        var foreignKeys = await session.QueryAsync(
            ListForeignKeys,
            reader => new ActingForeignKey(
                reader.GetString(0), new TableId(reader.GetString(1), reader.GetString(2)), new TableId(reader.GetString(3), reader.GetString(4)), reader.GetString(5)),
            cancellationToken, found[0].Oid);
        var hazards = await session.QueryAsync(ListHazards, reader => Hazards(reader, foreignKeys), cancellationToken, found[0].Oid);
        return new TargetTable(found[0].Oid, columns, [.. indexes], session.Role, [.. found.Select(row => row.MissingRight).OfType<string>()], hazards[0]);
    }

    /// <summary>Whether the schema exists, and whether the role may create tables in it.</summary>
    public static async ValueTask<(bool Exists, bool MayCreate)> SchemaAsync(SinkSession session, string schema, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            "SELECT pg_catalog.has_schema_privilege(oid, 'CREATE') AND pg_catalog.has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = $1",
            reader => (true, reader.GetBoolean(0)), cancellationToken, schema)).FirstOrDefault();

    private static TableHazards Hazards(NpgsqlDataReader reader, IReadOnlyList<ActingForeignKey> foreignKeys) => new(
        reader.GetString(0)[0], reader.GetBoolean(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetBoolean(4), foreignKeys);

    private static TargetColumn Column(NpgsqlDataReader reader) => new()
    {
        Name = reader.GetString(0),
        Declared = reader.GetString(1),
        Bare = reader.GetString(2),
        Limited = reader.IsDBNull(3) ? null : reader.GetString(3),
        BaseType = reader.GetString(4),
        IsArray = reader.GetBoolean(5),
        IsComposite = reader.GetBoolean(6),
        IsNotNull = reader.GetBoolean(7),
        HasDefault = reader.GetBoolean(8),
        IsGenerated = reader.GetBoolean(9),
        IsIdentityAlways = reader.GetBoolean(10),
        IsDeterministic = reader.GetBoolean(11),
        Labels = reader.IsDBNull(12) ? [] : Texts(reader.GetString(12)),
    };

    private static List<string> Texts(string json)
    {
        using var array = JsonDocument.Parse(json);
        return [.. array.RootElement.EnumerateArray().Select(text => text.GetString()!)];
    }
}
