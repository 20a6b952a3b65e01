-- Every built-in type with ordinary, edge and NULL values; read once by a snapshot (rows 1-4), once from the log (postgres-changes.sql inserts the same values as rows 11-14).
create schema golden;
create type golden.mood as enum ('sad', 'ok', 'happy');
create domain golden.positive as int check (value > 0);
create type golden.pair as (a int, b text);
create extension if not exists hstore;
create table golden.types (
  id int primary key,
  c_bool boolean, c_int2 smallint, c_int4 integer, c_int8 bigint, c_float4 real, c_float8 double precision,
  c_num numeric, c_num_10_2 numeric(10,2), c_num_38_10 numeric(38,10), c_money money,
  c_char char(5), c_varchar varchar(20), c_text text, c_name name, c_bytea bytea, c_bit1 bit(1), c_bit8 bit(8), c_varbit varbit(12),
  c_date date, c_time time(6), c_time3 time(3), c_timetz timetz(6), c_ts timestamp(6), c_ts3 timestamp(3), c_tstz timestamptz(6), c_interval interval,
  c_uuid uuid, c_json json, c_jsonb jsonb, c_xml xml, c_inet inet, c_cidr cidr, c_macaddr macaddr,
  c_int4_arr int[], c_text_arr text[], c_num_arr numeric(10,2)[], c_ts_arr timestamp[], c_enum golden.mood, c_enum_arr golden.mood[], c_domain golden.positive,
  c_point point, c_int4range int4range, c_tstzrange tstzrange, c_numrange numrange, c_daterange daterange,
  c_oid oid, c_tsvector tsvector, c_hstore hstore, c_pair golden.pair,
  c_generated int generated always as (c_int4 / 2) stored
);
create view golden.v as select
  true::boolean c_bool, 32767::smallint c_int2, 2147483647 c_int4, 9223372036854775807::bigint c_int8, 3.4028235e38::real c_float4, 1.7976931348623157e308::float8 c_float8,
  12345678901234567890.12345678901234567890::numeric c_num, 12345678.99::numeric(10,2) c_num_10_2, 1234567890123456789012345678.0123456789::numeric(38,10) c_num_38_10, 1234.56::money c_money,
  'ab'::char(5) c_char, 'Straße 😀'::varchar(20) c_varchar, E'tab\t quote" back\\slash \u0001 line\nend'::text c_text, 'nm'::name c_name, '\xdeadbeef00'::bytea c_bytea, B'1'::bit(1) c_bit1, B'10100101'::bit(8) c_bit8, B'101'::varbit(12) c_varbit,
  '2026-02-28'::date c_date, '23:59:59.999999'::time(6) c_time, '12:34:56.789'::time(3) c_time3, '23:59:59.999999+02'::timetz(6) c_timetz, '2026-03-29 01:30:00.123456'::timestamp(6) c_ts, '2026-03-29 01:30:00.123'::timestamp(3) c_ts3, '2026-03-29 01:30:00.123456+00'::timestamptz(6) c_tstz, '1 year 2 mons 3 days 04:05:06.789'::interval c_interval,
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid c_uuid, '{"b": 1, "a": [1, 2.50, null]}'::json c_json, '{"b": 1, "a": [1, 2.50, null]}'::jsonb c_jsonb, '<a>1</a>'::xml c_xml, '192.168.0.1/24'::inet c_inet, '10.0.0.0/8'::cidr c_cidr, '08:00:2b:01:02:03'::macaddr c_macaddr,
  '{1,2,NULL}'::int[] c_int4_arr, '{a,"b,c",NULL,"d\"e"}'::text[] c_text_arr, '{1.10,2.20}'::numeric(10,2)[] c_num_arr, '{2026-01-01 00:00:00}'::timestamp[] c_ts_arr, 'ok'::golden.mood c_enum, '{sad,happy}'::golden.mood[] c_enum_arr, 5::golden.positive c_domain,
  '(1.5,-2.5)'::point c_point, '[1,5)'::int4range c_int4range, '[2026-01-01 00:00+00,2026-01-02 00:00+00)'::tstzrange c_tstzrange, '(1.1,2.2]'::numrange c_numrange, '[2026-01-01,2026-01-05)'::daterange c_daterange,
  4294967295::oid c_oid, 'a:1 b:2'::tsvector c_tsvector, 'k=>v, n=>NULL'::hstore c_hstore, '(1,x)'::golden.pair c_pair;
create function golden.fill(base int) returns void language sql as $$
  insert into golden.types select base + 1, v.* from golden.v v;
  insert into golden.types (id) values (base + 2);
  insert into golden.types (id, c_bool, c_int2, c_int4, c_int8, c_float4, c_float8, c_num, c_num_10_2, c_num_38_10, c_money, c_char, c_varchar, c_text, c_bytea, c_bit8, c_varbit, c_date, c_time, c_time3, c_timetz, c_ts, c_ts3, c_tstz, c_interval, c_json, c_jsonb, c_int4_arr, c_text_arr, c_int4range, c_tstzrange, c_hstore, c_oid) values
    (base + 3, false, -32768, -1073741824, -9223372036854775808, '-0', '-0', 0, -0.01, -0.0000000001, -0.01, '', '', '', '', B'00000000', '', '0001-01-01', '00:00:00', '00:00:00.001', '00:00:00+14', '0001-01-01 00:00:00', '1969-12-31 23:59:59.999', '1969-12-31 23:59:59.999999+00', '-1 mons -1 days -00:00:01', 'null', '[]', '{}', '{}', 'empty', '(,)', '', 0);
  insert into golden.types (id, c_float4, c_float8, c_num, c_date, c_ts, c_tstz, c_time, c_interval) values
    (base + 4, 'NaN', 'Infinity', 'NaN', 'infinity', '-infinity', 'infinity', '24:00:00', '178000000 years');
$$;
select golden.fill(0);
