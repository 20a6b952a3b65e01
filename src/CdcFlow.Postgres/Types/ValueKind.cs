namespace CdcFlow.Postgres.Types;

/// <summary>What the values of a column are, as far as decoding them goes. A domain has its base type's kind.</summary>
internal enum ValueKind : byte
{
    /// <summary>Read as the server's own text: text types, xml, enums, composites, geometry, and every type not named below.</summary>
    Text,
    Boolean,
    Int16,
    Int32,
    Int64,

    /// <summary>oid and other 32-bit identifiers.</summary>
    UInt32,

    /// <summary>xid8.</summary>
    UInt64,
    Single,
    Double,
    Numeric,
    Money,
    Bytea,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,

    /// <summary>bit and bit varying.</summary>
    Bit,
    Inet,
    Cidr,
    MacAddr,
    Array,
    Range,
    Multirange,
    Hstore,

    /// <summary>json and jsonb.</summary>
    Json,

    /// <summary>vector and halfvec of the extension pgvector.</summary>
    Vector,
}
