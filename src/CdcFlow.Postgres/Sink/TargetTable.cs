namespace CdcFlow.Postgres.Sink;

/// <summary>A sink's table as the server has it.</summary>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="UniqueIndexes">The columns of each unique index that can tell rows apart: valid, immediate, of plain columns, of all rows.</param>
/// <param name="MissingRights">The rights that the sink needs and the role lacks.</param>
internal sealed record TargetTable(
    IReadOnlyList<TargetColumn> Columns, IReadOnlyList<IReadOnlyList<string>> UniqueIndexes, IReadOnlyList<string> MissingRights);

/// <summary>A column of it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Sql">Its type as SQL writes it, without length or precision.</param>
/// <param name="BaseType">The name of its type, of a domain the type under it, of an array the element's.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="IsNotNull">Whether it refuses NULL.</param>
/// <param name="HasDefault">Whether the server fills it in where an insert leaves it out.</param>
/// <param name="IsGenerated">Whether it cannot be written.</param>
internal sealed record TargetColumn(string Name, string Sql, string BaseType, bool IsArray, bool IsNotNull, bool HasDefault, bool IsGenerated);
