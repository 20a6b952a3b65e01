namespace CdcFlow.Checkpointing.Definitions;

/// <summary>What decides the rows of a pipeline's sinks. Each checkpoint keeps the one that it was made with, so that a start notices that the program is another.</summary>
/// <remarks>Immutable. Names, settings and hashes: no secret and no row.</remarks>
/// <param name="Nodes">Sources and methods.</param>
/// <param name="Sinks">The sinks that keep what they are given.</param>
public sealed record Definition(IReadOnlyList<DefinedNode> Nodes, IReadOnlyList<DefinedSink> Sinks)
{
    /// <summary>Tables that an earlier program read and this one does not: rows of theirs may still be in sinks.</summary>
    public IReadOnlyList<SourceTable> FormerTables { get; init; } = [];

    /// <summary>The tables that it reads.</summary>
    public IEnumerable<SourceTable> Tables => Nodes.Select(node => node.Source?.Table).OfType<SourceTable>().Distinct();

    /// <summary>This definition as the successor of another: it remembers the tables that were read before it.</summary>
    /// <param name="before">That of the checkpoint which the pipeline goes on from; null where it had none.</param>
    public Definition After(Definition? before) => before is null
        ? this
        : this with { FormerTables = [.. before.FormerTables.Concat(before.Tables).Except(Tables)] };

    /// <summary>The definition with the names that tables of a connection have now.</summary>
    /// <param name="connection">The source connection.</param>
    /// <param name="names">By their old names, the new ones.</param>
    public Definition Renamed(string connection, IReadOnlyDictionary<TableId, TableId> names)
    {
        return this with
        {
            Nodes = [.. Nodes.Select(node => node.Source is { } source ? node with { Source = source with { Table = Follow(source.Table) } } : node)],
            FormerTables = [.. FormerTables.Select(Follow)],
        };

        SourceTable Follow(SourceTable table) =>
            table.Connection == connection && names.TryGetValue(table.Table, out var now) ? table with { Table = now } : table;
    }
}

/// <summary>A table of a source.</summary>
/// <param name="Connection">The source's connection.</param>
/// <param name="Table">The table.</param>
public readonly record struct SourceTable(string Connection, TableId Table)
{
    /// <summary>For people.</summary>
    public override string ToString() => Table.ToString();
}

/// <summary>What a node or a sink takes: a node's output.</summary>
/// <param name="Node">The giving node's id.</param>
/// <param name="When">The branch of a route; null for all of the output.</param>
public readonly record struct DefinedInput(string Node, string? When);

/// <summary>A node that gives rows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it does, in small letters: <c>source</c>, <c>filter</c>, <c>transform</c>, <c>route</c>, <c>merge</c>.</param>
/// <param name="RowType">The row type that it gives.</param>
/// <param name="Inputs">What it takes; nothing for a source.</param>
public sealed record DefinedNode(string Id, string Kind, string RowType, IReadOnlyList<DefinedInput> Inputs)
{
    /// <summary>A hash of what it makes of a row; null where that is not known.</summary>
    public string? Content { get; init; }

    /// <summary>The columns of the row it takes that it may look at; null for all.</summary>
    public IReadOnlyList<string>? LooksAt { get; init; }

    /// <summary>For a source, what it reads; else null.</summary>
    public DefinedSource? Source { get; init; }

    /// <summary>Whether rows leave it as they came.</summary>
    public bool PassesRowsOn => Kind is "filter" or "route" or "merge";
}

/// <summary>What a source reads.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">By their names, the columns that are read, each with its type, which ends in <see cref="KeyColumn"/> where it is of the key.</param>
public sealed record DefinedSource(SourceTable Table, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>What the text of a key's column ends in.</summary>
    public const string KeyColumn = " of the key";
}

/// <summary>A sink.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="RowType">The row type that it takes.</param>
/// <param name="Inputs">What it takes.</param>
public sealed record DefinedSink(string Name, string Connection, string RowType, IReadOnlyList<DefinedInput> Inputs)
{
    /// <summary>By their names, the columns of its rows, each with its type as <see cref="DefinedSource.Columns"/> have it.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    /// <summary>Its settings that decide what its rows look like and where they are.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What tells its table from another of the same name; null where that is not known.</summary>
    public string? Place { get; init; }

    /// <summary>The kind of connector, as its attribute is named: <c>PostgresSink</c>. Null where that is not known.</summary>
    public string? Connector { get; init; }
}
