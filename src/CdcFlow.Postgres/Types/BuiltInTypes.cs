namespace CdcFlow.Postgres.Types;

/// <summary>The types of <c>pg_catalog</c> that are more than text, by <c>typname</c>.</summary>
internal static class BuiltInTypes
{
    internal static ValueKind KindOf(string name) => name switch
    {
        "bool" => ValueKind.Boolean,
        "int2" => ValueKind.Int16,
        "int4" => ValueKind.Int32,
        "int8" => ValueKind.Int64,
        "oid" or "xid" or "cid" => ValueKind.UInt32,
        "xid8" => ValueKind.UInt64,
        "float4" => ValueKind.Single,
        "float8" => ValueKind.Double,
        "numeric" => ValueKind.Numeric,
        "money" => ValueKind.Money,
        "bytea" => ValueKind.Bytea,
        "date" => ValueKind.Date,
        "time" => ValueKind.Time,
        "timetz" => ValueKind.TimeTz,
        "timestamp" => ValueKind.Timestamp,
        "timestamptz" => ValueKind.TimestampTz,
        "interval" => ValueKind.Interval,
        "uuid" => ValueKind.Uuid,
        "bit" or "varbit" => ValueKind.Bit,
        "inet" => ValueKind.Inet,
        "cidr" => ValueKind.Cidr,
        "macaddr" => ValueKind.MacAddr,
        "json" or "jsonb" => ValueKind.Json,
        _ => ValueKind.Text,
    };

    /// <summary>The types of extensions that are more than text: those may live in any schema.</summary>
    internal static ValueKind KindOfExtension(string name) => name switch
    {
        "hstore" => ValueKind.Hstore,
        "vector" or "halfvec" => ValueKind.Vector,
        _ => ValueKind.Text,
    };

    /// <summary>Whether the type's binary form is the bytes of its text.</summary>
    internal static bool IsBinaryText(string name) => name is "text" or "varchar" or "bpchar" or "name" or "json";
}
