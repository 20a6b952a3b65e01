using CdcFlow.Generators.Model;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Generators.Locking;

/// <summary>What a schema lock holds: the form of tables as it was when they were pulled. A value; no secret and no row is in it.</summary>
/// <remarks>Compiled into the command <c>cdcflow</c> too, which writes it.</remarks>
/// <param name="Connections">By name, in the order of their names.</param>
internal sealed record SchemaLock(EquatableArray<LockedConnection> Connections)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cdcflow.schema.json";

    /// <summary>The only format there is.</summary>
    public const int Format = 1;

    public LockedConnection? Find(string? connection) => Connections.FirstOrDefault(each => each.Name == connection);
}

/// <summary>A connection's tables.</summary>
/// <param name="Name">The connection's name.</param>
/// <param name="Server">Product and version of its server.</param>
/// <param name="IsWhole">Whether it has every table that its role may read.</param>
/// <param name="Tables">The tables, in the order of schema and name.</param>
internal sealed record LockedConnection(string Name, string Server, bool IsWhole, EquatableArray<LockedTable> Tables)
{
    public LockedTable? Find(string schema, string name) => Tables.FirstOrDefault(table => table.Schema == schema && table.Name == name);
}

/// <summary>A table.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The columns that name its rows in the log; empty: none do.</param>
/// <param name="ReplicaIdentity">What the log has of an old row: <c>default</c>, <c>index</c>, <c>full</c> or <c>nothing</c>.</param>
/// <param name="Columns">Its columns, in the server's order.</param>
internal sealed record LockedTable(string Schema, string Name, EquatableArray<string> Key, string ReplicaIdentity, EquatableArray<LockedColumn> Columns)
{
    public bool HasWholeOldRows => ReplicaIdentity == "full";

    public override string ToString() => $"{Schema}.{Name}";
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the server writes it.</param>
/// <param name="Shape">What its values are.</param>
/// <param name="IsNullable">Whether it takes NULL.</param>
/// <param name="IsGenerated">Whether the server computes it.</param>
/// <param name="IsInLog">Whether the log can carry it.</param>
/// <param name="Labels">Of an enum, its labels, in order.</param>
internal sealed record LockedColumn(string Name, string Type, ColumnShape Shape, bool IsNullable, bool IsGenerated, bool IsInLog, EquatableArray<string> Labels);
