namespace CdcFlow.Postgres.Types;

/// <summary>Which table a source means.</summary>
/// <remarks>Compiled into the generator too.</remarks>
internal static class TableName
{
    private const string DefaultSchema = "public";

    /// <summary>Schema and name.</summary>
    /// <param name="written">What the source says, as <c>schema.name</c> or <c>name</c>; null: nothing.</param>
    /// <param name="table">The table that the row type names.</param>
    /// <param name="schema">The schema that it names, or null.</param>
    internal static (string Schema, string Name) Of(string? written, string table, string? schema)
    {
        var parts = written?.Split(['.'], 2);
        return parts switch
        {
            null => (schema ?? DefaultSchema, table),
            { Length: 1 } => (schema ?? DefaultSchema, parts[0]),
            _ => (parts[0], parts[1]),
        };
    }
}
