using System.Collections.Immutable;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Analyzers;

/// <summary>Reports exactly-once pipelines for which no settings file names a checkpoint store.</summary>
/// <remarks>Judges only projects whose <c>appsettings*.json</c> it can see: the package's build files hand them to the compiler.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckpointStoreAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.NoCheckpointStore];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var settings = context.Options.AdditionalFiles.Where(IsSettings).ToList();
        if (settings.Count == 0)
        {
            return;
        }

        var keys = new HashSet<string>(
            settings.SelectMany(file => SettingsKeys.Of(file.GetText(context.CancellationToken)?.ToString() ?? "")), StringComparer.OrdinalIgnoreCase);
        context.RegisterSymbolAction(symbol => Check(symbol, keys), SymbolKind.NamedType);
    }

    private static bool IsSettings(AdditionalText file)
    {
        var name = Path.GetFileName(file.Path);
        return name.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
    }

    private static void Check(SymbolAnalysisContext context, HashSet<string> keys)
    {
        if (context.Symbol.Attribute(KnownNames.CdcPipeline) is { } attribute
            && attribute.FirstText() is { } name
            && attribute.NamedMember("Delivery") is null or "ExactlyOnce"
            && !keys.Contains($"CdcFlow:{name}:Checkpoint:Store"))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NoCheckpointStore, attribute.Place(context.Symbol), name));
        }
    }
}
