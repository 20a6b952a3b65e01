using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Booleans, integers and floating-point numbers.</summary>
internal static class NumberTypes
{
    public static DebeziumType? Find(ServerType type) => type.Name switch
    {
        "boolean" or "bool" => new(ConnectType.Boolean, ValueForm.Boolean),
        "smallint" or "int2" or "smallserial" or "tinyint" => new(ConnectType.Int16, ValueForm.Integer),
        "integer" or "int" or "int4" or "serial" => new(ConnectType.Int32, ValueForm.Integer),
        "bigint" or "int8" or "bigserial" or "oid" or "xid" or "cid" => new(ConnectType.Int64, ValueForm.Integer),
        "real" or "float4" => new(ConnectType.Float32, ValueForm.Float),
        "double precision" or "float8" or "double" => new(ConnectType.Float64, ValueForm.Double),
        _ => null,
    };
}
