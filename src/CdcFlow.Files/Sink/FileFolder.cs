namespace CdcFlow.Files.Sink;

/// <summary>The folder that a connection string names.</summary>
internal static class FileFolder
{
    /// <summary>The path of a connection string that is one, or a <c>file:</c> address of this machine.</summary>
    /// <returns>Null where it is neither.</returns>
    public static string? Of(string connectionString) =>
        !connectionString.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? IsPath(connectionString) ? connectionString : null
        : Uri.TryCreate(connectionString, UriKind.Absolute, out var address) && address is { IsFile: true, IsUnc: false, Query: "", Fragment: "" } && IsPath(address.LocalPath)
            ? address.LocalPath
            : null;

    // Perhaps another system's connection string, with a password in it: it must not become a folder's name, nor stand in a message.
    public static bool IsPath(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains(';', StringComparison.Ordinal) && !text.Contains('\0', StringComparison.Ordinal)
        && !text.Contains("://", StringComparison.Ordinal) && !text.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
}
