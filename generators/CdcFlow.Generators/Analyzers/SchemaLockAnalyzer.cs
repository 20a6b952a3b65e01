using System.Collections.Immutable;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Locking;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Analyzers;

/// <summary>Reports row types that are not as the schema lock has their tables.</summary>
/// <remarks>Without a lock it looks at nothing. The package's build files hand the lock that lies beside the project to the compiler.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SchemaLockAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.LockUnreadable, Descriptors.LockedColumnMissing, Descriptors.LockedColumnMisfit, Descriptors.LockedColumnNullable, Descriptors.LockedKey,
        Descriptors.LockedTableMissing, Descriptors.NotLocked, Descriptors.LockedLabels, Descriptors.LockedNotInLog, Descriptors.LockedDigits,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var files = context.Options.AdditionalFiles.Where(LockFile.Is).ToDictionary(file => file, file => LockFile.Read(file, context.CancellationToken));
        context.RegisterAdditionalFileAction(file =>
        {
            if (files.TryGetValue(file.AdditionalFile, out var read) && read.Problem is { } problem)
            {
                file.ReportDiagnostic(Diagnostic.Create(Descriptors.LockUnreadable, read.Place(file.AdditionalFile, file.CancellationToken), problem));
            }
        });

        // What one that cannot be read has of a table, nobody knows.
        var locks = files.Values.Select(file => file.Lock).OfType<SchemaLock>().ToList();
        if (locks.Count > 0 && locks.Count == files.Count)
        {
            context.RegisterSymbolAction(symbol => Check(symbol, locks), SymbolKind.NamedType);
        }
    }

    private static void Check(SymbolAnalysisContext context, IReadOnlyList<SchemaLock> locks)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.Attribute(KnownNames.CdcPipeline) is { } attribute)
        {
            LockRules.Check(PipelineReader.Read(type, attribute, context.Compilation), locks, new Report(context.ReportDiagnostic));
        }
    }
}
