using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Types;

/// <summary>The types of a database, by OID, learnt from its catalog when they are first asked for.</summary>
/// <remarks>Touched by one thread. OIDs are of one database; forget the catalog when the database changes.</remarks>
internal sealed class PostgresTypeCatalog
{
    private readonly Dictionary<uint, PostgresType> types = [];
    private int? moneyScale;

    /// <summary>A type that was <see cref="Load"/>ed.</summary>
    internal PostgresType this[uint oid] => types.TryGetValue(oid, out var type)
        ? type
        : throw new InvalidOperationException($"Type {oid} has not been loaded from the catalog.");

    /// <summary>Whether the type is known without asking the server.</summary>
    internal bool Contains(uint oid) => types.ContainsKey(oid);

    /// <summary>Learns the types that are not known yet, and those that they are made of.</summary>
    internal void Load(PostgresConnection connection, IEnumerable<uint> oids)
    {
        moneyScale ??= MoneyScale(connection);
        var rows = new Dictionary<uint, CatalogRow>();
        for (var wanted = Unknown(oids, rows); wanted.Count > 0; wanted = Unknown(rows.Values.SelectMany(row => row.Parts), rows))
        {
            foreach (var row in CatalogRow.Read(connection, wanted))
            {
                rows.Add(row.Oid, row);
            }

            // The log of an earlier time may name types that were dropped since: what the server wrote then is text like any other.
            foreach (var dropped in wanted.Where(oid => !rows.ContainsKey(oid)))
            {
                types[dropped] = PostgresType.Dropped(dropped);
            }
        }

        foreach (var oid in rows.Keys)
        {
            Resolve(oid, rows);
        }
    }

    private List<uint> Unknown(IEnumerable<uint> oids, Dictionary<uint, CatalogRow> rows) =>
        [.. oids.Where(oid => !types.ContainsKey(oid) && !rows.ContainsKey(oid)).Distinct()];

    // Types are made of others without circles: a domain of its base, an array of its elements. Composites are read as text.
    private PostgresType Resolve(uint oid, Dictionary<uint, CatalogRow> rows)
    {
        if (types.TryGetValue(oid, out var known))
        {
            return known;
        }

        var row = rows[oid];
        var type = row.BaseOid != 0
            ? Resolve(row.BaseOid, rows) with { Name = row.Name }
            : new PostgresType(row.Name, row.Kind, row.OutputFunction)
            {
                Element = row.ElementOid == 0 ? null : Resolve(row.ElementOid, rows),
                Delimiter = row.Delimiter,
                IsBinaryText = row.IsBinaryText,
                MoneyScale = moneyScale ?? 2,
            };
        types.Add(oid, type);
        return type;
    }

    // How many digits the text of one unit of money has after the "1": "$1.00" has two, "¥1" none.
    private static int MoneyScale(PostgresConnection connection)
    {
        var one = connection.Query("SELECT 1::numeric::money").Scalar!;
        return one.AsSpan(one.IndexOf('1', StringComparison.Ordinal) + 1).ToString().Count(char.IsAsciiDigit);
    }

    /// <summary>One row of <c>pg_type</c>.</summary>
    private sealed record CatalogRow(
        uint Oid, string Name, ValueKind Kind, string OutputFunction, uint BaseOid, uint ElementOid, byte Delimiter, bool IsBinaryText)
    {
        internal IEnumerable<uint> Parts => new[] { BaseOid, ElementOid }.Where(oid => oid != 0);

        internal static IEnumerable<CatalogRow> Read(PostgresConnection connection, IReadOnlyCollection<uint> oids) =>
            connection.Query(Sql(connection.ServerVersion, oids)).Rows.Select(Parse);

        // Element: of a true array (oidvector looks like one but is written otherwise), of a range its bounds', of a multirange its range.
        private static string Sql(int serverVersion, IReadOnlyCollection<uint> oids) =>
            $"""
            SELECT t.oid, format_type(t.oid, NULL), t.typname, t.typtype, t.typbasetype, t.typdelim,
                   quote_ident(fn.nspname) || '.' || quote_ident(f.proname), n.nspname = 'pg_catalog',
                   CASE WHEN f.proname = 'array_out' THEN t.typelem
                        WHEN t.typtype = 'r' THEN (SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid)
                        {(serverVersion >= 14 ? "WHEN t.typtype = 'm' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = t.oid)" : "")}
                        ELSE 0 END,
                   coalesce((SELECT e.typdelim FROM pg_type e WHERE e.oid = t.typelem), ',')
            FROM pg_type t
            JOIN pg_namespace n ON n.oid = t.typnamespace
            JOIN pg_proc f ON f.oid = t.typoutput
            JOIN pg_namespace fn ON fn.oid = f.pronamespace
            WHERE t.oid IN ({string.Join(',', oids)})
            """;

        private static CatalogRow Parse(string?[] row)
        {
            var isBuiltIn = row[7] == "t";
            var element = Oid32(row[8]);
            var kind = (row[3], element) switch
            {
                ("r", _) => ValueKind.Range,
                ("m", _) => ValueKind.Multirange,
                (_, not 0) => ValueKind.Array,
                _ when isBuiltIn => BuiltInTypes.KindOf(row[2]!),
                _ => BuiltInTypes.KindOfExtension(row[2]!),
            };
            return new CatalogRow(
                Oid32(row[0]), row[1]!, kind, row[6]!, Oid32(row[4]), element, (byte)(kind == ValueKind.Array ? row[9]! : row[5]!)[0],
                row[3] == "e" || (isBuiltIn && BuiltInTypes.IsBinaryText(row[2]!)));
        }

        private static uint Oid32(string? text) => uint.Parse(text!, CultureInfo.InvariantCulture);
    }
}
