namespace CdcFlow.Postgres.Sink;

/// <summary>What of a table would lose rows in silence. Pure.</summary>
/// <param name="Kind">What it is: <c>r</c> a table, <c>p</c> the root of partitions, <c>v</c> a view, <c>m</c> a materialized view, <c>f</c> a foreign table, <c>S</c> a sequence, <c>c</c> a composite type, <c>i</c> or <c>I</c> an index.</param>
/// <param name="IsUnlogged">Whether a crash of the server empties it, or a partition of it.</param>
/// <param name="HasRowSecurity">Whether row level security holds for the role.</param>
/// <param name="Rule">One of its rewrite rules, and the table that has it, as SQL writes them; null: none.</param>
/// <param name="HasDeleteTrigger">Whether a trigger may pass over a row that is to be removed; of rows to be written, the server counts those that were.</param>
/// <param name="ForeignKeys">Its foreign keys that do something to its rows when the row that they point to is removed.</param>
internal sealed record TableHazards(
    char Kind, bool IsUnlogged, bool HasRowSecurity, string? Rule, bool HasDeleteTrigger, IReadOnlyList<ActingForeignKey> ForeignKeys)
{
    /// <summary>Whether it keeps rows of its own.</summary>
    public bool IsTable => Kind is 'r' or 'p';

    /// <summary>What keeps the sink from writing to it, each with its way out.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="role">The sink's role, as SQL writes it.</param>
    /// <param name="emptied">The tables that the pipeline removes rows from.</param>
    public IEnumerable<(string Code, string Sentence, string Resolution)> Problems(TableId table, string role, IReadOnlyCollection<TableId> emptied)
    {
        var name = SinkSql.Quoted(table);
        if (!IsTable)
        {
            var what = Kind switch { 'v' => "VIEW", 'm' => "MATERIALIZED VIEW", 'f' => "FOREIGN TABLE", 'S' => "SEQUENCE", 'c' => "TYPE", _ => "INDEX" };
            yield return (
                PostgresSinkErrors.NotATable, $"{name} is {(what == "INDEX" ? "an" : "a")} {what.ToLowerInvariant()}: it keeps no rows of its own.",
                $"ALTER {what} {name} RENAME TO {SinkSql.Quoted(table.Name + "_before")}; or set Schema or Table to a table.");
            yield break;
        }

        if (IsUnlogged)
        {
            yield return (
                PostgresSinkErrors.TableLosesRows, $"{name} is unlogged, or a partition of it: a crash of the server empties it, and the marker would not know.",
                $"ALTER TABLE {name} SET LOGGED;");
        }

        if (HasRowSecurity)
        {
            yield return (PostgresSinkErrors.TableLosesRows, $"Row level security of {name} hides rows from role {role}.", $"ALTER ROLE {role} BYPASSRLS;");
        }

        if (Rule is { } rule)
        {
            yield return (
                PostgresSinkErrors.TableLosesRows, $"Rule {rule} may put something else in the place of what the sink writes to {name}.", $"DROP RULE {rule};");
        }

        // A row that left its parent in the same checkpoint is there still when the parent is removed, and so are rows below it, which nothing writes again.
        foreach (var foreignKey in ForeignKeys.Where(foreignKey => emptied.Contains(foreignKey.Parent)).DistinctBy(foreignKey => (foreignKey.Table, foreignKey.Name)))
        {
            yield return (
                PostgresSinkErrors.TableLosesRows,
                $"Foreign key {foreignKey.Name} of {SinkSql.Quoted(foreignKey.Table)} removes or changes rows of {(foreignKey.Table == table ? "it" : name)} on its own when the sink removes rows of {SinkSql.Quoted(foreignKey.Parent)}, also such as the source still has.",
                $"ALTER TABLE {SinkSql.Quoted(foreignKey.Table)} DROP CONSTRAINT {foreignKey.Name}, ADD CONSTRAINT {foreignKey.Name} {foreignKey.WithoutAction};");
        }
    }
}

/// <summary>A foreign key with <c>ON DELETE CASCADE</c>, <c>SET NULL</c> or <c>SET DEFAULT</c>.</summary>
/// <param name="Name">Its name, as SQL writes it.</param>
/// <param name="Table">The table that it can be altered at: of a partition's, the one that handed it down.</param>
/// <param name="Parent">The table that it points to, or a root or partition of it.</param>
/// <param name="WithoutAction">Its definition as one that only checks, at the transaction's end.</param>
internal sealed record ActingForeignKey(string Name, TableId Table, TableId Parent, string WithoutAction);
