using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source;

/// <summary>Says of one table's changes where they come from.</summary>
/// <param name="source">The connection's name.</param>
/// <param name="database">The database.</param>
/// <param name="table">The table.</param>
/// <param name="keysMayOverlap">Whether it has no key that the server checks with each row. Of rows that a snapshot read that is no matter.</param>
internal sealed class TableOrigins(string source, string database, TableId table, bool keysMayOverlap)
{
    private readonly TableOrigin read = Origin(source, database, table, keysMayOverlap: false);
    private readonly TableOrigin logged = Origin(source, database, table, keysMayOverlap);

    /// <summary>The origin of rows that a snapshot read, or of a truncate of the source's own making.</summary>
    internal ChangeOrigin Read(Lsn at, DateTimeOffset now) => new(read, new PostgresPlace(at) { CommittedAt = now });

    /// <summary>The origin of a transaction's changes.</summary>
    internal ChangeOrigin Logged(PostgresTransaction transaction) => new(logged, transaction);

    private static TableOrigin Origin(string source, string database, TableId table, bool keysMayOverlap) =>
        new(source, table) { Connector = "postgresql", Database = database, KeysMayOverlap = keysMayOverlap };
}
