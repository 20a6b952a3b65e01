namespace CdcFlow.Postgres.Wire;

/// <summary>What a connection is for.</summary>
internal enum SessionKind
{
    /// <summary>Ordinary SQL.</summary>
    Sql,

    /// <summary>The replication commands, bound to a database (logical replication); plain SQL works too.</summary>
    Replication,
}
