using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Testing;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A row of the golden table of types, each column in the C# type that fits it best.</summary>
[Table("types", Schema = "golden")]
public sealed record TypedRow
{
    [Key, Column("id")] public int Id { get; init; }
    [Column("c_bool")] public bool? Bool { get; init; }
    [Column("c_int2")] public short? Int2 { get; init; }
    [Column("c_int4")] public int? Int4 { get; init; }
    [Column("c_int8")] public long? Int8 { get; init; }
    [Column("c_float4")] public float? Float4 { get; init; }
    [Column("c_float8")] public double? Float8 { get; init; }
    [Column("c_num")] public PostgresNumeric? Num { get; init; }
    [Column("c_num_10_2")] public decimal? Num10 { get; init; }
    [Column("c_num_38_10")] public PostgresNumeric? Num38 { get; init; }
    [Column("c_money")] public decimal? Money { get; init; }
    [Column("c_char")] public string? Char { get; init; }
    [Column("c_varchar")] public string? Varchar { get; init; }
    [Column("c_text")] public string? Text { get; init; }
    [Column("c_name")] public string? Name { get; init; }
    [Column("c_bytea")] public byte[]? Bytea { get; init; }
    [Column("c_bit1")] public bool? Bit1 { get; init; }
    [Column("c_bit8")] public string? Bit8 { get; init; }
    [Column("c_varbit")] public string? Varbit { get; init; }
    [Column("c_date")] public string? Date { get; init; }
    [Column("c_time")] public TimeSpan? Time { get; init; }
    [Column("c_time3")] public TimeOnly? Time3 { get; init; }
    [Column("c_timetz")] public PostgresTimeTz? TimeTz { get; init; }
    [Column("c_ts")] public string? Ts { get; init; }
    [Column("c_ts3")] public DateTime? Ts3 { get; init; }
    [Column("c_tstz")] public string? TsTz { get; init; }
    [Column("c_interval")] public PostgresInterval? Interval { get; init; }
    [Column("c_uuid")] public Guid? Uuid { get; init; }
    [Column("c_json")] public string? Json { get; init; }
    [Column("c_jsonb")] public string? Jsonb { get; init; }
    [Column("c_xml")] public string? Xml { get; init; }
    [Column("c_inet")] public string? Inet { get; init; }
    [Column("c_cidr")] public string? Cidr { get; init; }
    [Column("c_macaddr")] public string? MacAddr { get; init; }
    [Column("c_int4_arr")] public int?[]? Int4Array { get; init; }
    [Column("c_text_arr")] public string?[]? TextArray { get; init; }
    [Column("c_num_arr")] public decimal[]? NumArray { get; init; }
    [Column("c_ts_arr")] public DateTime[]? TsArray { get; init; }
    [Column("c_enum")] public string? Enum { get; init; }
    [Column("c_enum_arr")] public string[]? EnumArray { get; init; }
    [Column("c_domain")] public int? Domain { get; init; }
    [Column("c_point")] public string? Point { get; init; }
    [Column("c_int4range")] public PostgresRange<int>? Int4Range { get; init; }
    [Column("c_tstzrange")] public PostgresRange<DateTimeOffset>? TsTzRange { get; init; }
    [Column("c_numrange")] public PostgresRange<decimal>? NumRange { get; init; }
    [Column("c_daterange")] public PostgresRange<DateOnly>? DateRange { get; init; }
    [Column("c_oid")] public uint? Oid { get; init; }
    [Column("c_tsvector")] public string? TsVector { get; init; }
    [Column("c_pair")] public string? Pair { get; init; }
    [Column("c_hstore")] public string? Hstore { get; init; }
}

/// <summary>Makes the generator write the row's codec.</summary>
[CdcPipeline("typed", Delivery = Delivery.AtLeastOnce)]
public sealed partial class TypedPipeline
{
    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out")]
    public partial Changes<TypedRow> Rows { get; }

    internal static async Task<SourceToSink> CopyAsync(TestDatabase database, string slot) =>
        await SourceToSink<TypedRow, TypedRowCodec>.OpenAsync(database, slot, sink => (sink.Schema, sink.Table) = ("dwh", "types"));
}
