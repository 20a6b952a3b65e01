namespace CdcFlow.Postgres.Sink;

/// <summary>What of a table would lose rows in silence. Pure.</summary>
/// <param name="Kind">What it is: <c>r</c> a table, <c>p</c> the root of partitions, <c>v</c> a view, <c>m</c> a materialized view, <c>f</c> a foreign table.</param>
/// <param name="IsUnlogged">Whether a crash of the server empties it, or a partition of it.</param>
/// <param name="HasRowSecurity">Whether row level security holds for the role.</param>
/// <param name="Rule">One of its rewrite rules, and the table that has it, as SQL writes them; null: none.</param>
/// <param name="HasDeleteTrigger">Whether a trigger may pass over a row that is to be removed; of rows to be written, the server counts those that were.</param>
internal sealed record TableHazards(char Kind, bool IsUnlogged, bool HasRowSecurity, string? Rule, bool HasDeleteTrigger)
{
    /// <summary>Whether it keeps rows of its own.</summary>
    public bool IsTable => Kind is 'r' or 'p';

    /// <summary>What keeps the sink from writing to it, each with its way out.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="role">The sink's role, as SQL writes it.</param>
    public IEnumerable<(string Code, string Sentence, string Resolution)> Problems(TableId table, string role)
    {
        var name = SinkSql.Quoted(table);
        if (!IsTable)
        {
            var what = Kind switch { 'v' => "VIEW", 'm' => "MATERIALIZED VIEW", _ => "FOREIGN TABLE" };
            yield return (
                PostgresSinkErrors.NotATable, $"{name} is a {what.ToLowerInvariant()}: it keeps no rows of its own.",
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
    }
}
