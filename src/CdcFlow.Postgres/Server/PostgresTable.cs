using System.Globalization;
using CdcFlow.Capture.Budgets;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Server;

/// <summary>How keys of a column compare, as far as the client can tell.</summary>
internal enum ColumnOrder
{
    /// <summary>Only the server knows: its collation, or a type with an order of its own.</summary>
    Server,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>By the bytes of the server's text (UTF-8).</summary>
    Bytes,

    /// <summary>Dates and times: by the bytes of the text, for years 0001 to 9999; others are the server's business.</summary>
    Time,
}

/// <summary>A column as the catalog has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeOid">Its type.</param>
/// <param name="TypeName">Its type as SQL spells it, with modifiers.</param>
/// <param name="IsGenerated">Whether its value is computed: the log of servers before 18 does not carry it.</param>
/// <param name="Collation">Its collation as SQL spells it; null where its type has none.</param>
/// <param name="Order">How its values compare.</param>
internal sealed record PostgresColumn(string Name, uint TypeOid, string TypeName, bool IsGenerated, string? Collation, ColumnOrder Order)
{
    /// <summary><c>attnum</c>: its number in the table, which a rename keeps and no other column ever has.</summary>
    internal required short Number { get; init; }

    /// <summary>Whether it takes NULL.</summary>
    internal required bool IsNullable { get; init; }

    /// <summary>Whether the server may keep large values of it apart (TOAST): an update that does not alter one does not carry it.</summary>
    internal bool MayBeUnchanged { get; init; }

    /// <summary>Whether the log can carry it: not a generated column, or a stored one on a server that publishes those.</summary>
    internal required bool CanBePublished { get; init; }
}

/// <summary>A table as the catalog has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="IsPartitioned">Whether it is the root of partitions.</param>
/// <param name="IsPermanent">Whether it is written to the log at all (not unlogged, not temporary).</param>
/// <param name="Identity"><c>relreplident</c>: d, f, i or n.</param>
/// <param name="EstimatedRows">Rows, as the last ANALYZE counted; null when it never ran.</param>
/// <param name="Bytes">Its size on disk, without indexes.</param>
/// <param name="IsReadable">Whether the role has SELECT on it.</param>
/// <param name="IsOwner">Whether the role may alter it.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="PrimaryKey">The primary key's columns, in index order; empty: none.</param>
/// <param name="IdentityIndex">The columns of the index named by REPLICA IDENTITY USING INDEX; empty: none.</param>
internal sealed record PostgresTable(
    TableId Id, bool IsPartitioned, bool IsPermanent, char Identity, long? EstimatedRows, long Bytes, bool IsReadable, bool IsOwner,
    IReadOnlyList<PostgresColumn> Columns, IReadOnlyList<string> PrimaryKey, IReadOnlyList<string> IdentityIndex) : ILargeRowWords
{
    /// <summary>What the server knows it by; a table that is dropped and made again has another one.</summary>
    internal required uint Oid { get; init; }

    /// <summary>The columns that name a row in the log and cut the table into chunks; empty: rows have no name.</summary>
    internal IReadOnlyList<PostgresColumn> Key { get; } =
        [.. (Identity == 'i' ? IdentityIndex : PrimaryKey).Select(name => Columns.First(column => column.Name == name))];

    /// <summary>How its columns compare, by name.</summary>
    internal required IReadOnlyDictionary<string, KeyComparison> Comparisons { get; init; }

    /// <summary>Whether its replica identity, or a partition's, is FULL.</summary>
    internal required bool HasWholeOldRows { get; init; }

    /// <summary>The columns of each whole unique index that is checked with each row, not at the transaction's end.</summary>
    internal required IReadOnlyList<IReadOnlyList<string>> UniqueKeys { get; init; }

    /// <summary>Whether two rows may have one key of a row type for a while, or for good.</summary>
    internal bool KeysMayOverlap(RowSchema schema)
    {
        var key = schema.KeyColumns.Select(index => schema.Columns[index]).Select(column => (Column: Find(column), column.IsNullable)).ToList();
        return Key.Count == 0 && !UniqueKeys.Any(unique => unique.All(name => key.Exists(part => part.Column?.Name == name && !(part.IsNullable && part.Column.IsNullable))));
    }

    /// <summary>Generated columns that a publication has where it is told so.</summary>
    internal IEnumerable<string> PublishableGenerated => Columns.Where(column => column.IsGenerated && column.CanBePublished).Select(column => column.Name);

    /// <summary>The key as a checkpoint names it, to notice when it is another one.</summary>
    internal string KeyDescription => string.Join(", ", Key.Select(column => $"{column.Name} {column.TypeName}"));

    /// <summary>The table in a statement. Without tables that inherit from it: those have a log of their own; partitions have not.</summary>
    internal string Sql => (IsPartitioned ? "" : "ONLY ") + SqlText.Table(Id);

    /// <summary>The columns that the publication publishes; null: all but generated ones.</summary>
    internal IReadOnlySet<string>? Published { get; init; }

    /// <summary>The table as its state and schema changes tell of it: without columns that the log does not carry.</summary>
    internal TableSchema Schema => new(
        Id, [.. Columns.Where(column => Published?.Contains(column.Name) ?? !column.IsGenerated).Select(Describe)], Oid.ToString(CultureInfo.InvariantCulture));

    /// <summary>The SQL that lets the log name rows of the table, or of a partition, again as it does now.</summary>
    internal string RestoreIdentity(string sql) => $"ALTER TABLE {sql} REPLICA IDENTITY {(Identity == 'd' && PrimaryKey.Count > 0 ? "DEFAULT" : "FULL")};";

    /// <summary>The column that a property means; null when the table has none.</summary>
    internal PostgresColumn? Find(ColumnDescriptor wanted) =>
        ColumnMatch.Find(wanted, [.. Columns.Select(column => column.Name)]) is >= 0 and var index ? Columns[index] : null;

    string ILargeRowWords.TooLargeCode => PostgresWireErrorCodes.RowTooLarge;

    string ILargeRowWords.FindLarger(long bytes)
    {
        var key = Key.Count == 0 ? "ctid" : string.Join(", ", Key.Select(column => SqlText.Identifier(column.Name)));
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {key} FROM {SqlText.Table(Id)} AS t WHERE octet_length(t::text) > {bytes};");
    }

    private TableColumn Describe(PostgresColumn column) => new(column.Name, column.TypeName)
    {
        Identity = column.Number.ToString(CultureInfo.InvariantCulture),
        TypeIdentity = column.TypeOid.ToString(CultureInfo.InvariantCulture),
        IsNullable = column.IsNullable,
        IsKey = Key.Any(key => key.Number == column.Number),
    };
}
