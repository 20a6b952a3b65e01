namespace CdcFlow.Configuration;

/// <summary>How a preflight check ended.</summary>
public enum PreflightStatus
{
    /// <summary>As it must be.</summary>
    Passed,

    /// <summary>Works, but a person should know.</summary>
    Warning,

    /// <summary>The pipeline will not start.</summary>
    Failed,
}

/// <summary>One checked fact.</summary>
/// <param name="Name">A short name, stable, as in <c>wal_level</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Sentence">What was found, for people.</param>
/// <param name="Code">The <c>CDCFnnnn</c> code where it did not pass.</param>
/// <param name="Fix">The exact SQL or setting that fixes it, or null.</param>
public sealed record PreflightCheck(string Name, PreflightStatus Status, string Sentence, string? Code = null, string? Fix = null)
{
    /// <summary>The source node whose changes lack columns of its row type for good, if that is what was found; a sink that updates its rows in place
    /// (<see cref="Sinks.ISinkConnection.UpdatingSinks"/>) makes a failure of it.</summary>
    public string? NotCarriedAt { get; init; }

    /// <summary>The source node whose changes do not carry their whole old row, if that is what was found: a warning where a node behind it needs that.</summary>
    public string? PartialOldRowsAt { get; init; }

    /// <summary>The source node whose updates may lack values that they did not alter, if that is what was found: a warning where a method behind it takes the bare row.</summary>
    public string? UnchangedAt { get; init; }

    /// <summary>With <see cref="UnchangedAt"/>, the properties of these values.</summary>
    public IReadOnlyList<string> Unchanged { get; init; } = [];

    /// <summary>With <see cref="PartialOldRowsAt"/> or <see cref="UnchangedAt"/>, the exact SQL that lets changes carry all.</summary>
    public string? WholeOldRowsBy { get; init; }
}

/// <summary>All checks of one connection.</summary>
/// <param name="Subject">What was checked, as in <c>source shop</c>.</param>
/// <param name="Checks">In the order in which they were made.</param>
public sealed record PreflightReport(string Subject, IReadOnlyList<PreflightCheck> Checks)
{
    /// <summary>Where the connection reads or writes, as far as that is known before the start. A sink that writes where a source of its pipeline reads, or
    /// where another sink writes, is found by these. By default none.</summary>
    public IReadOnlyList<ConnectorPlace> Places { get; init; } = [];

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Checks.All(check => check.Status != PreflightStatus.Failed);
}
