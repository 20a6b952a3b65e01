namespace CdcFlow.Sources;

/// <summary>Tables that an operator wants read again, whole, while the others stream on.</summary>
/// <param name="Id">Tells this request from others: a source whose state has taken a request of this id does not take it again.</param>
/// <param name="Tables">The tables, as <c>schema.name</c> or <c>name</c>.</param>
/// <param name="Lost">Whether every table is asked for as well of which the log since the checkpoint does not tell all.</param>
public sealed record ResnapshotRequest(string Id, IReadOnlyList<string> Tables, bool Lost)
{
    /// <summary>Whether a table is asked for by name.</summary>
    public bool Names(TableId table) => Tables.Any(name => name == table.ToString() || name == table.Name);
}
