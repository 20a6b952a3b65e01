namespace CdcFlow;

/// <summary>A table by its full name, as the source spells it (unquoted, case kept).</summary>
/// <param name="Schema">The database namespace; empty where the source has none.</param>
/// <param name="Name">The table's own name.</param>
public readonly record struct TableId(string Schema, string Name)
{
    /// <summary><c>schema.name</c>, or the name alone where there is no schema. For people; not quoted for SQL.</summary>
    public override string ToString() => Schema.Length == 0 ? Name : $"{Schema}.{Name}";
}
