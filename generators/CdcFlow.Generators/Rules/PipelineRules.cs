using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>All that must hold of a pipeline class.</summary>
internal static class PipelineRules
{
    /// <summary>Whether no rule rejects the class, so that its other half can be written.</summary>
    public static bool Accept(PipelineDeclaration pipeline) =>
        pipeline.Sources.Any()
        && pipeline.Sources.All(source => source.Row is { TypeKind: TypeKind.Class })
        && pipeline.Methods.All(method => method.Shape is not null && method.Input is not null);
}
