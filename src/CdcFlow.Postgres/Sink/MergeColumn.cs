using System.Globalization;

namespace CdcFlow.Postgres.Sink;

/// <summary>One column of a merge.</summary>
internal sealed record MergeColumn
{
    /// <summary>Its place in the tuples.</summary>
    public required int Index { get; init; }

    /// <summary>Its name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>The type in which it travels, as SQL writes it.</summary>
    public required string StagedType { get; init; }

    /// <summary>Its value, out of the staged one.</summary>
    public required string Value { get; init; }

    /// <summary>The staged value, out of the table's: what <see cref="Value"/> makes the same of again.</summary>
    public required string Former { get; init; }

    /// <summary>The value with the column's length or precision, as an assignment makes it.</summary>
    public required string Assigned { get; init; }

    /// <summary>When that is not what was sent; null: never.</summary>
    public string? Loss { get; init; }

    /// <summary>For a key column, the operator by which the unique index finds values equal; null for the others.</summary>
    public string? EqualOperator { get; init; }

    /// <summary>For a key column, the value under which the table has the row, out of the staged one; null for the others.</summary>
    public string? FormerKey { get; init; }

    /// <summary>Whether a key may be found equal that is spelt otherwise (1.0 and 1.00): then it is written like any other column.</summary>
    public bool IsRespelt { get; init; }

    /// <summary>Whether a row that is there gets it.</summary>
    public bool IsUpdated => !IsKey || IsRespelt;

    public bool IsKey => EqualOperator is not null;

    public string StagedName => StagedNameOf(Index);

    /// <summary>For a key column, the staged one of the key under which the table has the row.</summary>
    public string FormerName => FormerNameOf(Index);

    public static string FormerNameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"k{index}");

    public static string StagedNameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"c{index}");
}
