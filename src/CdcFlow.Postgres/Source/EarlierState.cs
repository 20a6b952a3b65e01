using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source;

/// <summary>Completes a state of CdcFlow 0.1, which knew tables and publications by their names alone, by what the server has now.</summary>
internal static class EarlierState
{
    /// <summary>Whether the state lacks what this version keeps.</summary>
    internal static bool IsOf(PostgresSourceState state) => state.Publication is null;

    /// <summary>The schema with identities, where it lacks them.</summary>
    internal static TableSchema Complete(TableSchema known, PostgresTable definition)
    {
        if (known.Identity is not null)
        {
            return known;
        }

        var now = definition.Schema;
        var columns = known.Columns.Select(column => now.Columns.FirstOrDefault(same => IsSame(column, same)) ?? column);
        return new TableSchema(known.Table, [.. columns], now.Identity);
    }

    // Name and type were one text, and types were written without the schema.
    private static bool IsSame(TableColumn known, TableColumn now) =>
        now.ToString() == known.ToString() || (now.Name == known.Name && now.TypeName.EndsWith("." + known.TypeName, StringComparison.Ordinal));

    /// <summary>What is said of it, once.</summary>
    internal static string Sentence(string connection) =>
        $"The checkpoint of '{connection}' is of CdcFlow 0.1, which kept no identity of tables, columns and publication: they are taken from the server as it is now. "
        + "A table or publication that was replaced while the pipeline was stopped is not noticed this once.";
}
