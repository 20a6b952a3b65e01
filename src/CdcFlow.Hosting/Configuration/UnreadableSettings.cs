using System.Text.Json;

namespace CdcFlow.Hosting.Configuration;

/// <summary>What reading a settings file fails with.</summary>
internal static class UnreadableSettings
{
    /// <summary>Whether the file is what is wrong.</summary>
    public static bool Is(Exception error) => error is InvalidDataException or FormatException or UnauthorizedAccessException;

    /// <summary>The error, with the line or the key where the reader names it.</summary>
    public static CdcFlowException Of(Exception error) => new(
        HostingErrorCodes.SettingsUnreadable, $"{error.Message.TrimEnd('.')}{(error.InnerException is { } cause ? $": {cause.GetBaseException().Message}" : ".")}",
        $"Fix the file{(LineOf(error) is { } line ? $" at line {line}" : "")}: each key may stand once, and text stands in double quotes.", inner: error);

    // The reader counts from zero; editors do not.
    private static long? LineOf(Exception error) => error.GetBaseException() is JsonException { LineNumber: { } line } ? line + 1 : null;
}
