namespace CdcFlow.Tool.Tests;

/// <summary>A table with a column of every type that has a property type of its own, and of some that have not.</summary>
internal static class EveryTypeSql
{
    internal static readonly string[] Statements =
    [
        "CREATE EXTENSION hstore",
        "CREATE TYPE mood AS ENUM ('sad', 'so_so', 'HAPPY')",
        "CREATE TYPE oddity AS ENUM ('a-b', 'a b')",
        "CREATE DOMAIN feeling AS mood NOT NULL",
        "CREATE DOMAIN price AS numeric(10,2)",
        "CREATE TYPE pair AS (a int, b text)",
        """
        CREATE TABLE every_type (
            part smallint, id bigint, "customer id" int NOT NULL, "HTTPStatus" int NOT NULL, every_type text,
            a_boolean boolean NOT NULL, a_bit bit NOT NULL, some_bits bit(3), an_oid oid, an_xid8 xid8,
            a_real real NOT NULL, a_double double precision, a_numeric numeric(12,2) NOT NULL, a_wide_numeric numeric(40,2), a_price price, some_money money,
            some_text text NOT NULL, a_varchar varchar(20), some_json jsonb, some_xml xml, a_point point, a_pair pair,
            some_bytes bytea NOT NULL, a_uuid uuid, a_mood mood NOT NULL, a_feeling feeling, an_oddity oddity,
            a_date date NOT NULL, a_time time, a_timetz timetz, a_timestamp timestamp, a_timestamptz timestamptz NOT NULL, an_interval interval,
            an_address inet, a_network cidr, a_card macaddr, a_dictionary hstore,
            some_ints int[] NOT NULL, some_texts text[], some_blobs bytea[], some_moods mood[], a_matrix int[][], some_addresses inet[],
            a_range int4range, a_time_range tstzrange, some_ranges int4range[],
            PRIMARY KEY (id, part))
        """,
        "CREATE TABLE events (id bigint, event_id int, what text)",
        "ALTER TABLE events REPLICA IDENTITY FULL",
        "CREATE SCHEMA sales",
        "CREATE TABLE sales.categories (id int PRIMARY KEY, clone text NOT NULL)",
        """
        INSERT INTO every_type VALUES (
            1, 2, 3, 200, 'x', true, B'1', B'101', 7, '8', 1.5, 2.5, 10.50, 12345678901234567890123456789012345678.25, 9.99, 5,
            'text', 'varchar', '{"a": 1}', '<a/>', '(1,2)', '(1,b)', '\x01', '00000000-0000-0000-0000-000000000001', 'so_so', 'HAPPY', 'a b',
            '2026-01-02', '03:04:05', '03:04:05+02', '2026-01-02 03:04:05', '2026-01-02 03:04:05+00', '1 mon 2 days', '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', 'k=>v',
            '{1,NULL}', '{a,NULL}', ARRAY['\x01'::bytea], '{sad}', '{{1,2},{3,4}}', '{10.0.0.1}', '[1,5)', '[2026-01-01,2026-01-02)', '{"[1,5)"}')
        """,
        "INSERT INTO events VALUES (1, 1, 'one'), (1, 1, 'one')",
        "INSERT INTO sales.categories VALUES (1, 'two')",
    ];
}
