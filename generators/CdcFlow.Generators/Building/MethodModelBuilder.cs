using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Makes the model of a method node.</summary>
internal static class MethodModelBuilder
{
    public static NodeModel Build(MethodDeclaration method, PipelineDeclaration pipeline)
    {
        var shape = method.Shape!;
        var kind = Kind(shape);
        var used = shape.TakesChange ? [] : UsedColumns.Of(method.Method, pipeline.Row(shape.In), pipeline.Compilation);
        return new NodeModel(
            method.Id, method.Member.Name, method.Method.IsStatic, kind,
            new Port(method.Input!.Id, method.When?.EnumMember()), Ref(shape.In), Ref(shape.Out),
            new ParameterModel(shape.TakesChange, shape.TakesMetadata, shape.TakesCancellation),
            new ResultModel(shape.ReturnsChange, shape.ResultTakesNull, shape.IsStream), method.Retracts,
            kind == NodeKind.Map && pipeline.NeedsOldRows(method),
            (kind == NodeKind.Map && !shape.TakesChange ? DeleteKeys.Of(method, pipeline) ?? [] : []).ToEquatableArray(),
            used is null, (used ?? []).ToEquatableArray(), NodeContent.Of(method, pipeline),
            shape.Branch is null ? null : Ref(shape.Branch),
            shape.IsAsync ? new AsyncModel(method.MaxConcurrency, Ordering(method)) : null,
            method.OnError);
    }

    private static NodeKind Kind(MethodShape shape) => shape.Result switch
    {
        ResultShape.Bool => NodeKind.Filter,
        ResultShape.Enum => NodeKind.Route,
        ResultShape.Rows => NodeKind.FanOut,
        _ => NodeKind.Map,
    };

    // Not chosen is allowed only for one call at a time, and one call at a time is strict.
    private static string Ordering(MethodDeclaration method) => method.Ordering == "Unspecified" ? "Strict" : method.Ordering;

    private static TypeRef Ref(ITypeSymbol type) => new(type.FullName(), type.ShortName());
}
