using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>Reads a pipeline class: its members become nodes, and every node finds what feeds it.</summary>
internal static class PipelineReader
{
    public static PipelineDeclaration Read(INamedTypeSymbol type, AttributeData attribute, Compilation compilation)
    {
        var pipeline = new PipelineDeclaration(type, attribute, compilation);
        foreach (var member in type.GetMembers().Where(member => !member.IsImplicitlyDeclared))
        {
            Read(member, pipeline);
        }

        foreach (var method in pipeline.Methods)
        {
            method.Candidates = Candidates(method, pipeline);
        }

        return pipeline;
    }

    private static void Read(ISymbol member, PipelineDeclaration pipeline)
    {
        NodeDeclaration? node = member switch
        {
            IPropertySymbol { PartialDefinitionPart: null } property when property.Attribute(KnownNames.CdcSource) is { } source => new SourceDeclaration(property, source),
            IMethodSymbol method when method.Attribute(KnownNames.Node) is { } attribute => new MethodDeclaration(method, attribute),
            _ => null,
        };
        var sinks = member.GetAttributes()
            .Where(attribute => attribute.AttributeClass.DerivesFrom(KnownNames.Sink))
            .Select(attribute => new SinkDeclaration(member, attribute));
        (node?.Sinks ?? pipeline.LooseSinks).AddRange(sinks);
        if (node is not null)
        {
            pipeline.Nodes.Add(node);
        }
    }

    private static List<NodeDeclaration> Candidates(MethodDeclaration method, PipelineDeclaration pipeline) =>
        method.From is { } from
            ? pipeline.Nodes.Where(node => node.Member.Name == from).Take(1).ToList()
            : pipeline.Nodes.Where(node => node != method && node.Row is { } row && row.IsSame(method.Shape?.In)).ToList();
}
