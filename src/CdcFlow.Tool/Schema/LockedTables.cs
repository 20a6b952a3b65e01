using CdcFlow.Generators.Locking;
using CdcFlow.Generators.Model;
using CdcFlow.Postgres.Server;
using CdcFlow.Tool.Scaffold;

namespace CdcFlow.Tool.Schema;

/// <summary>Which tables a pull reads, and what the lock has of the connection afterwards.</summary>
/// <param name="before">What it had before; null: nothing.</param>
/// <param name="named">The tables that were asked for; empty: none by name.</param>
/// <param name="all">Whether all were.</param>
internal sealed class LockedTables(LockedConnection? before, IReadOnlyList<string> named, bool all)
{
    /// <summary>Reads the tables. Those that the lock has and that were not asked for by name stay as they are.</summary>
    /// <exception cref="CdcFlowException">CDCF4034: there is no table of such a name. CDCF1021: there are none at all.</exception>
    internal LockedConnection Read(DatabaseTables tables, string connection, string server)
    {
        var isWhole = all || (named.Count == 0 && before?.IsWhole != false);
        var read = (named.Count > 0 ? tables.Read(named) : isWhole ? tables.Read([]) : tables.ReadKnown(before!.Tables.Select(Id))).Select(Lock).ToList();
        var kept = named.Count > 0 ? before?.Tables.Where(table => !read.Exists(other => Id(other) == Id(table))) ?? [] : [];
        return new LockedConnection(
            connection, server, isWhole || (named.Count > 0 && before is { IsWhole: true }),
            read.Concat(kept).OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal).ToEquatableArray());
    }

    private static TableId Id(LockedTable table) => new(table.Schema, table.Name);

    private static LockedTable Lock(DatabaseTable table)
    {
        var definition = table.Definition;
        return new LockedTable(
            definition.Id.Schema, definition.Id.Name, definition.Key.Select(column => column.Name).ToEquatableArray(), ReplicaIdentity(definition),
            table.Columns.Select(Lock).ToEquatableArray());
    }

    private static string ReplicaIdentity(PostgresTable table) => table.Identity switch
    {
        'd' => "default",
        'i' => "index",
        'f' => "full",
        _ => "nothing",
    };

    private static LockedColumn Lock(DatabaseColumn column) => new(
        column.Definition.Name, column.Definition.TypeName, column.Type.Shape, column.Definition.IsNullable, column.Definition.IsGenerated,
        column.Definition.CanBePublished, (column.Enum?.Labels ?? []).ToEquatableArray());
}
