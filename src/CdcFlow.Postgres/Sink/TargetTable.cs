namespace CdcFlow.Postgres.Sink;

/// <summary>A sink's table as the server has it.</summary>
/// <param name="Oid">The server's own number of it.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="UniqueIndexes">The unique indexes that can tell rows apart: valid, of plain columns, of all rows.</param>
/// <param name="Role">The sink's role, as SQL writes it.</param>
/// <param name="MissingRights">Which of the rights to read and write it the role lacks; <c>USAGE</c> is its schema's.</param>
/// <param name="Hazards">What of it would lose rows in silence.</param>
internal sealed record TargetTable(
    long Oid, IReadOnlyList<TargetColumn> Columns, IReadOnlyList<UniqueIndex> UniqueIndexes, string Role, IReadOnlyList<string> MissingRights, TableHazards Hazards)
{
    private const string Usage = "USAGE";

    /// <summary>The statements that give the role what it lacks of the rights that are needed; empty where it lacks nothing.</summary>
    public string GrantSql(TableId table, params IReadOnlyList<string> needed)
    {
        var missing = MissingRights.Intersect(needed).ToList();
        return (MissingRights.Contains(Usage) ? $"GRANT {Usage} ON SCHEMA {SinkSql.Quoted(table.Schema)} TO {Role}; " : "")
            + (missing.Count > 0 ? $"GRANT {string.Join(", ", missing)} ON {SinkSql.Quoted(table)} TO {Role};" : "");
    }
}

/// <summary>A column of it.</summary>
internal sealed record TargetColumn
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type as the table declares it, for messages.</summary>
    public required string Declared { get; init; }

    /// <summary>What its values are: of a domain the type under it, without length or precision, as SQL writes it.</summary>
    public required string Bare { get; init; }

    /// <summary>The same with the length or precision that the column or its domain sets; null where there is none.</summary>
    public required string? Limited { get; init; }

    /// <summary>The name of that type in <c>pg_catalog</c>, of an array the element's.</summary>
    public required string BaseType { get; init; }

    /// <summary>Whether it is an array.</summary>
    public required bool IsArray { get; init; }

    /// <summary>Whether it is a row of columns of its own.</summary>
    public required bool IsComposite { get; init; }

    /// <summary>Of an enum, its labels in order; empty for any other type.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Whether its own collation finds texts equal only when their bytes are.</summary>
    public required bool IsDeterministic { get; init; }

    /// <summary>Whether it refuses NULL.</summary>
    public required bool IsNotNull { get; init; }

    /// <summary>Whether the server fills it in where an insert leaves it out.</summary>
    public required bool HasDefault { get; init; }

    /// <summary>Whether it cannot be written.</summary>
    public required bool IsGenerated { get; init; }

    /// <summary>Whether it takes a value at insert only: <c>GENERATED ALWAYS AS IDENTITY</c>.</summary>
    public required bool IsIdentityAlways { get; init; }
}

/// <summary>A unique index.</summary>
/// <param name="Name">Its name with its schema's, as SQL writes it.</param>
/// <param name="Constraint">Its own name: its constraint's, if there is one.</param>
/// <param name="IsImmediate">Whether it is checked with each row: an upsert needs that.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record UniqueIndex(string Name, string Constraint, bool IsImmediate, IReadOnlyList<IndexedColumn> Columns);

/// <summary>A column of a unique index, and when it takes two values for one.</summary>
/// <param name="Name">The column.</param>
/// <param name="EqualOperator">The operator by which the index finds values equal, as SQL writes it.</param>
/// <param name="IsOwnEquality">Whether that is an operator of an extension (<c>citext</c>), not of the server.</param>
/// <param name="IsDeterministic">Whether texts are equal only when their bytes are.</param>
internal sealed record IndexedColumn(string Name, string EqualOperator, bool IsOwnEquality, bool IsDeterministic);
