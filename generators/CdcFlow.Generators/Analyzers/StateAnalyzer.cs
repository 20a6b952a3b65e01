using System.Collections.Immutable;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace CdcFlow.Generators.Analyzers;

/// <summary>Reports transforms that write to the pipeline object: no checkpoint has that state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.StateInField];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(
            Check, OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.CoalesceAssignment,
            OperationKind.Increment, OperationKind.Decrement);
    }

    private static void Check(OperationAnalysisContext context)
    {
        if (context.ContainingSymbol is not IMethodSymbol method || method.Attribute(KnownNames.Node) is null)
        {
            return;
        }

        var target = context.Operation switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IIncrementOrDecrementOperation step => step.Target,
            _ => null,
        };
        if (Written(target) is { } state)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.StateInField, context.Operation.Syntax.GetLocation(), method.Name, state));
        }
    }

    /// <summary>The pipeline's state that the target is; null when it is a local or part of the row.</summary>
    private static string? Written(IOperation? target) => target switch
    {
        IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } member => member.Member.Name,
        IFieldReferenceOperation { Instance: null, Field.IsStatic: true } field => field.Field.Name,
        IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter => parameter.Parameter.Name,
        _ => null,
    };
}
