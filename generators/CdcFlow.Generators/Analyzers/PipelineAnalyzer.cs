using System.Collections.Concurrent;
using System.Collections.Immutable;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Analyzers;

/// <summary>Reports what is wrong with pipeline classes, live in the editor, by the same rules that the generator obeys.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PipelineAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.MustBePartial, Descriptors.UnsupportedClass, Descriptors.SourceShape, Descriptors.DuplicatePipeline, Descriptors.InvalidName,
        Descriptors.NotInPipeline, Descriptors.OwnedType, Descriptors.Navigation, Descriptors.UnsetProperty, Descriptors.UnknownInput, Descriptors.AmbiguousInput, Descriptors.Cycle, Descriptors.Unreachable,
        Descriptors.GoesNowhere, Descriptors.NotConnected, Descriptors.DuplicateName, Descriptors.RouteBranch, Descriptors.UnconsumedBranch,
        Descriptors.KeyMissing, Descriptors.ColumnType, Descriptors.NullableColumn, Descriptors.DuplicateColumn, Descriptors.DeleteKey,
        Descriptors.DecimalPrecision, Descriptors.UnsoundKey, Descriptors.StructRow, Descriptors.RowNotMakeable, Descriptors.WrongInputType,
        Descriptors.UnsupportedSignature, Descriptors.OrderingMissing, Descriptors.UnorderedIntoKeyed, Descriptors.CancellationMissing,
        Descriptors.NoResult, Descriptors.Delivery, Descriptors.IdempotentEffect, Descriptors.ReadCommitted, Descriptors.StartupUnsupported,
        Descriptors.KeyedMode, Descriptors.AlteredKey, Descriptors.ConnectionSetting, Descriptors.Secret, Descriptors.SystemVersion, Descriptors.SharedLabel,
        Descriptors.ReservedMember, Descriptors.NoCapabilities, Descriptors.NoBeginning,
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
        if (context.Compilation.GetTypeByMetadataName(KnownNames.CdcPipeline) is null)
        {
            return;
        }

        var pipelines = new ConcurrentBag<(string Name, INamedTypeSymbol Type, AttributeData Attribute)>();
        context.RegisterSymbolAction(symbol => CheckClass(symbol, pipelines), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end => CheckNames(end, pipelines));
    }

    private static void CheckClass(SymbolAnalysisContext context, ConcurrentBag<(string Name, INamedTypeSymbol Type, AttributeData Attribute)> pipelines)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.Attribute(KnownNames.CdcPipeline) is not { } attribute)
        {
            CheckOutside(type, context);
            return;
        }

        var pipeline = PipelineReader.Read(type, attribute, context.Compilation);
        pipelines.Add((pipeline.Name, type, attribute));
        PipelineRules.Check(pipeline, context.ReportDiagnostic);
    }

    private static void CheckOutside(INamedTypeSymbol type, SymbolAnalysisContext context)
    {
        foreach (var member in type.GetMembers().Where(member => !member.IsImplicitlyDeclared))
        {
            foreach (var attribute in member.GetAttributes().Where(IsDsl))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.NotInPipeline, attribute.Place(member), attribute.ShortName(), member.Name));
            }
        }
    }

    private static bool IsDsl(AttributeData attribute) =>
        attribute.AttributeClass.DerivesFrom(KnownNames.CdcSource) || attribute.AttributeClass.DerivesFrom(KnownNames.Node) || attribute.AttributeClass.DerivesFrom(KnownNames.Sink);

    private static void CheckNames(CompilationAnalysisContext context, IEnumerable<(string Name, INamedTypeSymbol Type, AttributeData Attribute)> pipelines)
    {
        foreach (var group in pipelines.GroupBy(pipeline => pipeline.Name))
        {
            var ordered = group.OrderBy(pipeline => pipeline.Type.ToDisplayString(), StringComparer.Ordinal).ToList();
            foreach (var (name, type, attribute) in ordered.Skip(1))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.DuplicatePipeline, attribute.Place(type), name, ordered[0].Type.Name));
            }
        }
    }
}
