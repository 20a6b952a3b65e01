using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Golden.Tests;

/// <summary>Every type. Columns that hold values beyond their C# type (infinite dates, 24:00:00) are read as the server's text.</summary>
[Table("types", Schema = "golden")]
public sealed record Types
{
    [Key, Column("id")] public int Id { get; init; }
    [Column("c_bool")] public bool? Bool { get; init; }
    [Column("c_int2")] public short? Int2 { get; init; }
    [Column("c_int4")] public int? Int4 { get; init; }
    [Column("c_int8")] public long? Int8 { get; init; }
    [Column("c_float4")] public float? Float4 { get; init; }
    [Column("c_float8")] public double? Float8 { get; init; }
    [Column("c_num", TypeName = "numeric")] public PostgresNumeric? Num { get; init; }
    [Column("c_num_10_2", TypeName = "numeric(10,2)")] public decimal? Num10 { get; init; }
    [Column("c_num_38_10", TypeName = "numeric(38,10)")] public PostgresNumeric? Num38 { get; init; }
    [Column("c_money", TypeName = "money")] public decimal? Money { get; init; }
    [Column("c_char", TypeName = "char(5)")] public string? Char { get; init; }
    [Column("c_varchar", TypeName = "varchar(20)")] public string? Varchar { get; init; }
    [Column("c_text")] public string? Text { get; init; }
    [Column("c_name")] public string? Name { get; init; }
    [Column("c_bytea")] public byte[]? Bytea { get; init; }
    [Column("c_bit1", TypeName = "bit(1)")] public bool? Bit1 { get; init; }
    [Column("c_bit8", TypeName = "bit(8)")] public string? Bit8 { get; init; }
    [Column("c_varbit", TypeName = "varbit(12)")] public string? Varbit { get; init; }
    [Column("c_date", TypeName = "date")] public string? Date { get; init; }
    [Column("c_time", TypeName = "time(6)")] public TimeSpan? Time { get; init; }
    [Column("c_time3", TypeName = "time(3)")] public TimeOnly? Time3 { get; init; }
    [Column("c_timetz", TypeName = "timetz(6)")] public PostgresTimeTz? TimeTz { get; init; }
    [Column("c_ts", TypeName = "timestamp(6)")] public string? Ts { get; init; }
    [Column("c_ts3", TypeName = "timestamp(3)")] public DateTime? Ts3 { get; init; }
    [Column("c_tstz", TypeName = "timestamptz(6)")] public string? TsTz { get; init; }
    [Column("c_interval", TypeName = "interval")] public PostgresInterval? Interval { get; init; }
    [Column("c_uuid")] public Guid? Uuid { get; init; }
    [Column("c_json", TypeName = "json")] public string? Json { get; init; }
    [Column("c_jsonb", TypeName = "jsonb")] public string? Jsonb { get; init; }
    [Column("c_xml", TypeName = "xml")] public string? Xml { get; init; }
    [Column("c_inet")] public string? Inet { get; init; }
    [Column("c_cidr")] public string? Cidr { get; init; }
    [Column("c_macaddr")] public string? MacAddr { get; init; }
    [Column("c_int4_arr")] public int?[]? Int4Array { get; init; }
    [Column("c_text_arr")] public string?[]? TextArray { get; init; }
    [Column("c_num_arr", TypeName = "numeric(10,2)[]")] public decimal[]? NumArray { get; init; }
    [Column("c_ts_arr", TypeName = "timestamp[]")] public DateTime[]? TsArray { get; init; }
    [Column("c_enum", TypeName = "enum('sad','ok','happy')")] public string? Enum { get; init; }
    [Column("c_enum_arr", TypeName = "enum('sad','ok','happy')[]")] public string[]? EnumArray { get; init; }
    [Column("c_domain")] public int? Domain { get; init; }
    [Column("c_point", TypeName = "point")] public string? Point { get; init; }
    [Column("c_int4range")] public PostgresRange<int>? Int4Range { get; init; }
    [Column("c_tstzrange")] public PostgresRange<DateTimeOffset>? TsTzRange { get; init; }
    [Column("c_numrange")] public PostgresRange<decimal>? NumRange { get; init; }
    [Column("c_daterange")] public PostgresRange<DateOnly>? DateRange { get; init; }
    [Column("c_oid")] public uint? Oid { get; init; }
    [Column("c_tsvector", TypeName = "tsvector")] public string? TsVector { get; init; }
    [Column("c_hstore", TypeName = "hstore")] public string? Hstore { get; init; }
    [Column("c_generated")] public int? Generated { get; init; }
}

/// <summary>A key of two columns.</summary>
[Table("pk_composite", Schema = "golden")]
public sealed record PkComposite([property: Key, Column("tenant")] string Tenant, [property: Key, Column("n")] long N, [property: Column("v")] string? V);

/// <summary>No key.</summary>
[Table("no_pk", Schema = "golden")]
public sealed record NoPk([property: Column("a")] int? A, [property: Column("b")] string? B);

/// <summary>A table whose log rows carry the whole old row. Its other columns come and go, so the row type leaves them out.</summary>
[Table("full_identity", Schema = "golden")]
public sealed record FullIdentity([property: Key, Column("id")] int Id, [property: Column("v")] string? V);

/// <summary>A column that is stored outside the row.</summary>
[Table("toast", Schema = "golden")]
public sealed record Toast([property: Key, Column("id")] int Id, [property: Column("small")] string? Small, [property: Column("big")] string? Big);

/// <summary>Names that need quoting.</summary>
[Table("Odd Name", Schema = "golden")]
public sealed record OddName([property: Key, Column("Id")] int Id, [property: Column("a.b")] string? AB, [property: Column("select")] int Select);
