namespace CdcFlow.Tool;

/// <summary>The error codes of the command <c>cdcflow</c>. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
internal static class ToolErrorCodes
{
    /// <summary>The file to write is there already.</summary>
    internal const string FileExists = "CDCF1020";

    /// <summary>The database has no table that a row type could be written for.</summary>
    internal const string NoTables = "CDCF1021";
}
