namespace CdcFlow.Postgres;

/// <summary>What a PostgreSQL sink's table holds.</summary>
public enum PostgresSinkMode
{
    /// <summary>The rows as they are now: one per key.</summary>
    Upsert,

    /// <summary>Every change, with its operation and where it comes from: an audit trail.</summary>
    Append,
}

/// <summary>What a removal at the source does to a sink's table.</summary>
public enum RemovalMode
{
    /// <summary>The rows are removed.</summary>
    Apply,

    /// <summary>The rows stay.</summary>
    Ignore,

    /// <summary>The pipeline stops with an error.</summary>
    Refuse,
}
