namespace CdcFlow.Tool;

/// <summary>The error codes of the command <c>cdcflow</c>. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
internal static class ToolErrorCodes
{
    /// <summary>The file to write is there already.</summary>
    internal const string FileExists = "CDCF1020";

    /// <summary>The database has no table that a row type could be written for.</summary>
    internal const string NoTables = "CDCF1021";

    /// <summary>A schema lock that is there already cannot be read.</summary>
    internal const string LockUnreadable = "CDCF1040";

    /// <summary>A connection string was given where a connection's name is needed.</summary>
    internal const string ConnectionUnnamed = "CDCF1041";
}
