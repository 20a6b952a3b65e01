using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>All that must hold of a pipeline class. The analyzer reports what they find; the generator writes only what they accept.</summary>
internal static class PipelineRules
{
    public static void Check(PipelineDeclaration pipeline, Action<Diagnostic> sink)
    {
        var report = new Report(sink);
        ClassRules.Check(pipeline, report);
        SourceRules.Check(pipeline, report);
        SignatureRules.Check(pipeline, report);
        InputRules.Check(pipeline, report);
        OutputRules.Check(pipeline, report);
        RouteRules.Check(pipeline, report);
        RowRules.Check(pipeline, report);
        KeyRules.Check(pipeline, report);
        AlteredKeyRules.Check(pipeline, report);
        DeliveryRules.Check(pipeline, report);
        SecretRules.Check(pipeline, report);
        ConnectionRules.Check(pipeline, report);
    }

    /// <summary>Whether no rule rejects the class, so that its other half can be written.</summary>
    public static bool Accept(PipelineDeclaration pipeline)
    {
        var accepted = true;
        Check(pipeline, problem => accepted &= problem.DefaultSeverity != DiagnosticSeverity.Error);
        return accepted;
    }
}
