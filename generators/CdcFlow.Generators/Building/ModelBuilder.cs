using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Building;

/// <summary>Makes the model of a pipeline that no rule rejects.</summary>
internal static class ModelBuilder
{
    public static PipelineModel Build(PipelineDeclaration pipeline)
    {
        var methods = InOrder(pipeline);
        var nodes = methods.Select(method => MethodModelBuilder.Build(method, pipeline)).ToEquatableArray();
        var live = pipeline.Sources.Cast<NodeDeclaration>().Concat(methods).ToList();
        var type = pipeline.Type;
        return new PipelineModel(
            ClassModelBuilder.Build(type), pipeline.Name, pipeline.Delivery, IsDocumented(type), Services(type).ToEquatableArray(),
            pipeline.Sources.Select(source => Source(source, type)).ToEquatableArray(), nodes, Sinks(live, type), Rows(live, methods, pipeline),
            type.GetMembers().Where(member => member.CanBeReferencedByName).Select(member => member.Name).Distinct().ToEquatableArray());
    }

    /// <summary>Methods that a source feeds, each after the one that feeds it.</summary>
    private static List<MethodDeclaration> InOrder(PipelineDeclaration pipeline)
    {
        var ordered = new List<MethodDeclaration>();
        var fed = new HashSet<NodeDeclaration>(pipeline.Sources);
        while (pipeline.Methods.FirstOrDefault(method => !fed.Contains(method) && method.Input is { } input && fed.Contains(input)) is { } next)
        {
            fed.Add(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static bool IsDocumented(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax().GetLeadingTrivia()
            .Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia)));

    private static IEnumerable<ServiceModel> Services(INamedTypeSymbol type)
    {
        var constructor = type.InstanceConstructors.OrderByDescending(constructor => constructor.Parameters.Length).First();
        return constructor.Parameters.Select(parameter => new ServiceModel(
            new TypeRef(parameter.Type.WithoutNull().FullName(), parameter.Type.ShortName()),
            parameter.HasExplicitDefaultValue ? DefaultValue(parameter) : parameter.NullableAnnotation == NullableAnnotation.Annotated ? "null" : null));
    }

    private static string DefaultValue(IParameterSymbol parameter) =>
        parameter.ExplicitDefaultValue is null ? "default" : $"({parameter.Type.FullName()})({ConstantText.Of(parameter.ExplicitDefaultValue)})";

    private static SourceModel Source(SourceDeclaration source, INamedTypeSymbol type) => new(
        source.Id, source.Member.Name, ClassModelBuilder.Modifiers(source.Property), Ref(source.Row!), ConstantText.Creation(source.Attribute),
        $"{source.Attribute.ShortName()} {source.Connection}", Access(source.Row!, type),
        source is { Product: not null, Connection: { } connection } ? new TablePlace(connection, source.Table.Schema, source.Table.Name) : null);

    private static EquatableArray<SinkModel> Sinks(List<NodeDeclaration> nodes, INamedTypeSymbol type)
    {
        var references = new NameScope();
        return nodes.SelectMany(node => node.Sinks.Select(sink => new SinkModel(
            sink.Name, references.Take(NameScope.Pascal(sink.Name)), new Port(node.Id, sink.When?.EnumMember()), Ref(node.Row!),
            ConstantText.Creation(sink.Attribute), $"{sink.Attribute.ShortName()} {sink.Connection}", sink.Traits.LeavesTransactions, Access(node.Row!, type)))).ToEquatableArray();
    }

    private static EquatableArray<RowModel> Rows(List<NodeDeclaration> nodes, List<MethodDeclaration> methods, PipelineDeclaration pipeline)
    {
        var carried = nodes.Select(node => node.Row!).Concat(methods.Select(method => method.Shape!.In));
        var coded = new HashSet<ISymbol>(nodes.Where(node => node is SourceDeclaration || node.Sinks.Count > 0).Select(node => node.Row!), SymbolEqualityComparer.Default);
        return carried.Distinct<ITypeSymbol>(SymbolEqualityComparer.Default)
            .Select(pipeline.Row)
            .Select(row => RowModelBuilder.Build(row, coded.Contains(row.Type), coded.Contains(row.Type) ? ColumnsInUse.Of(row, nodes, pipeline.Compilation) : null))
            .ToEquatableArray();
    }

    private static TypeRef Ref(ITypeSymbol type) => new(type.FullName(), type.ShortName());

    /// <summary>The widest accessibility that a member of the pipeline which shows the row type may have.</summary>
    private static string Access(ITypeSymbol row, INamedTypeSymbol pipeline)
    {
        var narrowest = Accessibility.Public;
        for (ITypeSymbol? at = row; at is not null; at = at.ContainingType)
        {
            narrowest = at.DeclaredAccessibility < narrowest ? at.DeclaredAccessibility : narrowest;
        }

        return narrowest switch
        {
            Accessibility.Public => "public",
            Accessibility.Internal or Accessibility.ProtectedOrInternal => pipeline.DeclaredAccessibility == Accessibility.Internal ? "public" : "internal",
            _ => "private",
        };
    }
}
