using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Diagnostics;

/// <summary>Every build diagnostic. Ids are permanent; each has a page in <c>docs/diagnostics</c>.</summary>
internal static class Descriptors
{
    private const string Category = "CdcFlow";

    public static readonly DiagnosticDescriptor GeneratorFailed = Error(
        "CDCF099", "Internal generator error", "Internal generator error: {0}. Please report it; the build still shows your own errors.");

    private static DiagnosticDescriptor Error(string id, string title, string message) => Make(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Make(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: $"https://github.com/cdcflow/cdcflow/blob/main/docs/diagnostics/{id}.md");
}
