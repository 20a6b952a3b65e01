using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Whether what an operator wants read again is read at all.</summary>
internal static class ResnapshotTables
{
    /// <exception cref="CdcFlowException">CDCF1001: a name is no table's, or no source reads tables again.</exception>
    public static void Require(ResnapshotRequest? request, IEnumerable<TableId> tables)
    {
        var read = tables.ToHashSet();
        if (request is { Lost: true } && read.Count == 0)
        {
            throw new CdcFlowException(
                ErrorCodes.ConfigurationValue, "--resnapshot lost asks for tables to be read again, and no source of the pipeline can do that.", "Start it without --resnapshot.");
        }

        var unknown = request?.Tables.Where(name => !read.Any(table => new ResnapshotRequest("", [name], Lost: false).Names(table))).ToArray() ?? [];
        if (unknown.Length > 0)
        {
            throw new CdcFlowException(
                ErrorCodes.ConfigurationValue,
                $"--resnapshot names {string.Join(", ", unknown)}, which no source of the pipeline reads.",
                read.Count > 0 ? $"There are: {string.Join(", ", read.Select(table => table.ToString()).Order(StringComparer.Ordinal))}." : "Its sources cannot read tables again.");
        }
    }
}
