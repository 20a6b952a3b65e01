namespace CdcFlow;

/// <summary>What all changes of one table share, whichever transaction they are of. One object stands behind all of them.</summary>
/// <remarks>Immutable; safe to share between threads.</remarks>
/// <param name="source">The source's connection name.</param>
/// <param name="id">The table.</param>
public sealed class TableOrigin(string source, TableId id)
{
    /// <summary>The source's connection name, as in <c>[PostgresSource("shop")]</c>.</summary>
    public string Source => source;

    /// <summary>The table that the rows belong to.</summary>
    public TableId Id { get; } = id;

    /// <summary>The kind of source as the field calls it: <c>postgresql</c>, <c>mysql</c>, <c>memory</c>; empty where nobody said.</summary>
    public string Connector { get; init; } = "";

    /// <summary>The source's database; empty where it has none, or where the table's namespace is the database.</summary>
    public string Database { get; init; } = "";

    /// <summary>Whether two rows may have one key for a while within a transaction, since the source checks the key at its end or not at all
    /// (PostgreSQL: a <c>DEFERRABLE</c> key, or no unique index of the row type's). The changes of one key are then not the history of one row. Default: false.</summary>
    public bool KeysMayOverlap { get; init; }
}
