namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>Row operations for the tables of the stand.</summary>
internal static class Write
{
    public static RowOperation Insert<T>(T row)
        where T : class => Of<T>(Operation.Insert, null, row);

    public static RowOperation Update<T>(T before, T after)
        where T : class => Of(Operation.Update, before, after);

    public static RowOperation Delete<T>(T row)
        where T : class => Of(Operation.Delete, row, null);

    public static RowOperation Truncate<T>()
        where T : class => Of<T>(Operation.Truncate, null, null);

    private static RowOperation Of<T>(Operation operation, T? before, T? after)
        where T : class
    {
        var table = StandTable.All.Single(candidate => candidate.RowType == typeof(T));
        return new RowOperation(table, operation, before is null ? null : table.RowOf(before), after is null ? null : table.RowOf(after));
    }
}
