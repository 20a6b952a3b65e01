namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A column of the table of all types, with ordinary values and those at the edge.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="First">A value, as SQL writes it.</param>
/// <param name="Second">Another, at the edge.</param>
internal sealed record EveryColumn(string Name, string Type, string First, string Second)
{
    public const string Types =
        """
        CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext;
        CREATE SCHEMA src; CREATE SCHEMA dwh;
        CREATE TYPE src.mood AS ENUM ('sad', 'so so', 'happy'); CREATE TYPE src.pair AS (a int, b varchar(5), c numeric(6, 2));
        CREATE DOMAIN src.short AS varchar(3); CREATE DOMAIN src.shorter AS src.short CHECK (VALUE <> 'x'); CREATE DOMAIN src.cents AS numeric(10, 2);
        CREATE DOMAIN src.codes AS char(3)[]; CREATE TYPE src.span AS RANGE (subtype = numeric);
        """;

    /// <summary>All of them, the key first.</summary>
    public static IReadOnlyList<EveryColumn> All { get; } =
    [
        new("id", "int", "1", "2"),
        new("c_bool", "boolean", "true", "false"),
        new("c_int2", "smallint", "32767", "-32768"),
        new("c_int4", "int", "2147483647", "-2147483648"),
        new("c_int8", "bigint", "9223372036854775807", "'-9223372036854775808'"),
        new("c_float4", "real", "3.4028235e38", "'-0'"),
        new("c_float8", "double precision", "1.7976931348623157e308", "'5e-324'"),
        new("c_float_nan", "double precision", "'NaN'", "'-Infinity'"),
        new("c_num", "numeric", "12345678901234567890.12345678901234567890", "'NaN'"),
        new("c_num_10_2", "numeric(10,2)", "12345678.99", "-0.01"),
        new("c_num_38_10", "numeric(38,10)", "1234567890123456789012345678.0123456789", "-0.0000000001"),
        new("c_money", "money", "1234.56", "-0.01"),
        new("c_char", "char(5)", "'ab'", "''"),
        new("c_char_bare", "bpchar", "'ab  '", "'x'"),
        new("c_char_one", "char", "'a'", "' '"),
        new("c_char_internal", "\"char\"", "'a'", "''"),
        new("c_varchar", "varchar(20)", "'Straße 😀'", "'blank   '"),
        new("c_varchar_bare", "varchar", "'any  '", "''"),
        new("c_text", "text", "E'tab\\t quote\" back\\\\slash \\u0001 line\\nend'", "''"),
        new("c_name", "name", "'nm'", "repeat('n', 63)"),
        new("c_citext", "citext", "'MiXed'", "''"),
        new("c_bytea", "bytea", "'\\xdeadbeef00'", "''"),
        new("c_bit1", "bit(1)", "B'1'", "B'0'"),
        new("c_bit8", "bit(8)", "B'10100101'", "B'00000000'"),
        new("c_varbit", "varbit(12)", "B'101'", "B''"),
        new("c_varbit_bare", "varbit", "B'10111010101'", "B'0'"),
        new("c_date", "date", "'2026-02-28'", "'infinity'"),
        new("c_date_bc", "date", "'0044-03-15 BC'", "'5874897-12-31'"),
        new("c_time", "time", "'23:59:59.999999'", "'24:00:00'"),
        new("c_time3", "time(3)", "'12:34:56.789'", "'00:00:00.001'"),
        new("c_timetz", "timetz", "'23:59:59.999999+02'", "'00:00:00+14'"),
        new("c_timetz0", "timetz(0)", "'23:59:59+02:30'", "'00:00:00-14'"),
        new("c_ts", "timestamp", "'2026-03-29 01:30:00.123456'", "'-infinity'"),
        new("c_ts0", "timestamp(0)", "'2026-03-29 01:30:00'", "'0044-03-15 00:00:00 BC'"),
        new("c_ts3", "timestamp(3)", "'2026-03-29 01:30:00.123'", "'294276-12-31 23:59:59.999'"),
        new("c_tstz", "timestamptz", "'2026-03-29 01:30:00.123456+00'", "'infinity'"),
        new("c_tstz0", "timestamptz(0)", "'2026-03-29 01:30:00+00'", "'0044-03-15 00:00:00+00 BC'"),
        new("c_interval", "interval", "'1 year 2 mons 3 days 04:05:06.789'", "'-1 mons +1 days -00:00:01'"),
        new("c_interval3", "interval(3)", "'04:05:06.789'", "'178000000 years'"),
        new("c_interval_ym", "interval year to month", "'1 year 2 mons'", "'-1 mons'"),
        new("c_interval_ds", "interval day to second(2)", "'3 days 04:05:06.78'", "'-00:00:00.01'"),
        new("c_uuid", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
        new("c_json", "json", "'{\"b\": 1,  \"a\": [1, 2.50, null], \"b\": 2}'", "'null'"),
        new("c_jsonb", "jsonb", "'{\"b\": 1, \"a\": [1, 2.50, null]}'", "'[]'"),
        new("c_jsonpath", "jsonpath", "'$.a[*] ? (@ > 1)'", "'lax $'"),
        new("c_xml", "xml", "'<a>1</a>'", "''"),
        new("c_inet", "inet", "'192.168.0.1/24'", "'::1'"),
        new("c_cidr", "cidr", "'10.0.0.0/8'", "'::/0'"),
        new("c_macaddr", "macaddr", "'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'"),
        new("c_macaddr8", "macaddr8", "'08:00:2b:01:02:03:04:05'", "'00:00:00:00:00:00:00:00'"),
        new("c_int_arr", "int[]", "'{1,2,NULL}'", "'{}'"),
        new("c_int_arr2", "int[]", "'{{1,2},{3,4}}'", "'[0:1]={5,6}'"),
        new("c_text_arr", "text[]", "'{a,\"b,c\",NULL,\"d\\\"e\"}'", "'{\"\",\"NULL\"}'"),
        new("c_char_arr", "char(3)[]", "'{ab,\"\"}'", "'{}'"),
        new("c_varchar_arr", "varchar(3)[]", "'{ab,\"c  \"}'", "'{}'"),
        new("c_num_arr", "numeric(10,2)[]", "'{1.10,2.20}'", "'{NaN}'"),
        new("c_ts_arr", "timestamp(0)[]", "'{2026-01-01 00:00:00}'", "'{infinity}'"),
        new("c_bool_arr", "boolean[]", "'{t,f,NULL}'", "'{}'"),
        new("c_bytea_arr", "bytea[]", "'{\"\\\\xdead\"}'", "'{}'"),
        new("c_enum", "src.mood", "'so so'", "'happy'"),
        new("c_enum_arr", "src.mood[]", "'{sad,\"so so\"}'", "'{}'"),
        new("c_short", "src.short", "'abc'", "'a  '"),
        new("c_shorter", "src.shorter", "'abc'", "''"),
        new("c_short_arr", "src.short[]", "'{abc,\"a  \"}'", "'{}'"),
        new("c_cents", "src.cents", "1.50", "-99999999.99"),
        new("c_codes", "src.codes", "'{ab,abc}'", "'{}'"),
        new("c_pair", "src.pair", "'(1,x,2.50)'", "'(,\"a  \",)'"),
        new("c_pair_arr", "src.pair[]", "'{\"(1,x,2.50)\"}'", "'{}'"),
        new("c_point", "point", "'(1.5,-2.5)'", "'(NaN,Infinity)'"),
        new("c_line", "line", "'{1,2,3}'", "'{0,1,0}'"),
        new("c_lseg", "lseg", "'[(1,2),(3,4)]'", "'[(0,0),(0,0)]'"),
        new("c_box", "box", "'(3,4),(1,2)'", "'(0,0),(0,0)'"),
        new("c_path", "path", "'((1,2),(3,4))'", "'[(1,2),(3,4)]'"),
        new("c_polygon", "polygon", "'((1,2),(3,4))'", "'((0.1,0.2))'"),
        new("c_circle", "circle", "'<(1,2),3>'", "'<(0,0),0>'"),
        new("c_int4range", "int4range", "'[1,5)'", "'empty'"),
        new("c_tstzrange", "tstzrange", "'[2026-01-01 00:00+00,2026-01-02 00:00+00)'", "'(,)'"),
        new("c_daterange", "daterange", "'[2026-01-01,2026-01-05)'", "'[infinity,)'"),
        new("c_span", "src.span", "'(1.1,2.20]'", "'empty'"),
        new("c_oid", "oid", "4294967295", "0"),
        new("c_xid8", "pg_lsn", "'16/B374D848'", "'0/0'"),
        new("c_tsvector", "tsvector", "'a:1 b:2A'", "''"),
        new("c_tsquery", "tsquery", "'a & !b'", "''"),
        new("c_hstore", "hstore", "'k=>v, n=>NULL'", "'\"a\\\"b\"=>\"c\\\\\\\\d\"'"),
    ];

    /// <summary>Makes <c>src.every</c>, and <c>dwh.every</c> of the same columns.</summary>
    public static string CreateSql { get; } =
        $"""
        {Types} CREATE TABLE src.every ({string.Join(", ", All.Select(column => $"{column.Name} {column.Type}"))}, PRIMARY KEY (id));
        CREATE TABLE dwh.every (LIKE src.every, PRIMARY KEY (id));
        GRANT USAGE ON SCHEMA src, dwh TO app; ALTER TABLE dwh.every OWNER TO app;
        """;

    /// <summary>Inserts a row of ordinary values, one of those at the edge, and one of none.</summary>
    /// <param name="from">The first row's key.</param>
    public static string InsertSql(int from) =>
        $"""
        INSERT INTO src.every VALUES ({from}, {string.Join(", ", All.Skip(1).Select(column => column.First))}),
          ({from + 1}, {string.Join(", ", All.Skip(1).Select(column => column.Second))}); INSERT INTO src.every (id) VALUES ({from + 2});
        """;
}
