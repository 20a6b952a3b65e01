using CdcFlow.Postgres.Types;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>A pipeline class as it is written, right or wrong: what rules judge and the model is built from.</summary>
/// <remarks>Holds symbols, so it lives only while one compilation is looked at.</remarks>
internal sealed class PipelineDeclaration(INamedTypeSymbol type, AttributeData attribute, Compilation compilation)
{
    private readonly Dictionary<ITypeSymbol, RowType> rows = new(SymbolEqualityComparer.Default);

    public INamedTypeSymbol Type { get; } = type;

    public AttributeData Attribute { get; } = attribute;

    public Compilation Compilation { get; } = compilation;

    public string Name { get; } = attribute.FirstText() ?? "";

    /// <summary>The member of <c>Delivery</c>.</summary>
    public string Delivery { get; } = attribute.NamedMember("Delivery") ?? "ExactlyOnce";

    /// <summary>Sources and methods, in order of declaration.</summary>
    public List<NodeDeclaration> Nodes { get; } = [];

    public IEnumerable<SourceDeclaration> Sources => Nodes.OfType<SourceDeclaration>();

    public IEnumerable<MethodDeclaration> Methods => Nodes.OfType<MethodDeclaration>();

    /// <summary>Sinks that stand on a node.</summary>
    public IEnumerable<SinkDeclaration> Sinks => Nodes.SelectMany(node => node.Sinks);

    /// <summary>Sinks that stand on a member that is no node.</summary>
    public List<SinkDeclaration> LooseSinks { get; } = [];

    /// <summary>Whether a source gives rows of the type. Once every member is read.</summary>
    public bool Reads(ITypeSymbol row) => Sources.Any(source => source.Row.IsSame(row));

    /// <summary>A row type as this pipeline uses it. Once every member is read.</summary>
    public RowType Row(ITypeSymbol type)
    {
        if (!rows.TryGetValue(type, out var row))
        {
            rows.Add(type, row = new RowType(type, Reads(type)));
        }

        return row;
    }

    /// <summary>Whether a fan-out behind the node compares old rows with new ones. What takes whole changes makes its own.</summary>
    public bool NeedsOldRows(MethodDeclaration method) =>
        Methods.Any(next => next.Input == method && next.Shape is { TakesChange: false } shape
            && (shape.Result == ResultShape.Rows ? next.Retracts : NeedsOldRows(next)));
}

/// <summary>A member that gives rows.</summary>
internal abstract class NodeDeclaration(ISymbol member, AttributeData attribute)
{
    public ISymbol Member { get; } = member;

    public AttributeData Attribute { get; } = attribute;

    public string Id { get; } = member.Attribute(KnownNames.NodeId)?.FirstText() ?? member.Name;

    /// <summary>The row type that it gives; null when its member cannot say.</summary>
    public abstract ITypeSymbol? Row { get; }

    public List<SinkDeclaration> Sinks { get; } = [];

    public bool IsDiscarded { get; } = member.Attribute(KnownNames.Discard) is not null;
}

/// <summary>A property that is a source.</summary>
internal sealed class SourceDeclaration(IPropertySymbol property, AttributeData attribute) : NodeDeclaration(property, attribute)
{
    public IPropertySymbol Property { get; } = property;

    public override ITypeSymbol? Row { get; } = property.Type.Is(KnownNames.Changes) ? ((INamedTypeSymbol)property.Type).TypeArguments[0] : null;

    public string? Connection { get; } = attribute.FirstText();

    /// <summary>What its connector can do; null where that says nothing, which is an error.</summary>
    public SourceTraits? Traits { get; } = SourceTraits.Of(attribute.AttributeClass!);

    /// <summary>The product of the servers that it reads, as a schema lock names it; null: no lock has its tables.</summary>
    public string? Product => Traits?.Product;

    /// <summary>The table that it reads.</summary>
    public (string Schema, string Name) Table => TableName.Of(
        Attribute.Named("Table")?.Value as string, Row!.Attribute(KnownNames.Table)?.FirstText() ?? Row!.Name, Row!.Attribute(KnownNames.Table)?.Named("Schema")?.Value as string);
}

/// <summary>A method that is a node.</summary>
internal sealed class MethodDeclaration(IMethodSymbol method, AttributeData attribute) : NodeDeclaration(method, attribute)
{
    public IMethodSymbol Method { get; } = method;

    /// <summary>What the method takes and returns; null when that is not supported.</summary>
    public MethodShape? Shape { get; } = MethodShape.Of(method, attribute);

    public override ITypeSymbol? Row => Shape?.Out;

    /// <summary>The name that <c>From</c> gives, or null.</summary>
    public string? From { get; } = attribute.Named("From")?.Value as string;

    /// <summary>The branch that <c>When</c> gives, or null.</summary>
    public TypedConstant? When { get; } = attribute.Named("When") is { IsNull: false } value ? value : null;

    public bool Retracts { get; } = attribute.NamedMember("OnDrop") != "Ignore";

    public int MaxConcurrency { get; } = attribute.Named("MaxConcurrency")?.Value as int? ?? 1;

    /// <summary>The member of <c>Ordering</c>.</summary>
    public string Ordering { get; } = attribute.NamedMember("Ordering") ?? "Unspecified";

    /// <summary>The member of <c>OnError</c>.</summary>
    public string OnError { get; } = attribute.NamedMember("OnError") ?? "Stop";

    /// <summary>Nodes whose output it could take: one when all is well.</summary>
    public IReadOnlyList<NodeDeclaration> Candidates { get; set; } = [];

    /// <summary>The node whose output it takes; null when there is none or more than one.</summary>
    public NodeDeclaration? Input => Candidates.Count == 1 ? Candidates[0] : null;
}

/// <summary>A sink attribute on a member.</summary>
internal sealed class SinkDeclaration(ISymbol member, AttributeData attribute)
{
    public ISymbol Member { get; } = member;

    public AttributeData Attribute { get; } = attribute;

    public string? Connection { get; } = attribute.FirstText();

    public string Name { get; } = attribute.Named("Name")?.Value as string ?? attribute.FirstText() ?? "";

    /// <summary>The branch that <c>When</c> gives, or null.</summary>
    public TypedConstant? When { get; } = attribute.Named("When") is { IsNull: false } value ? value : null;

    /// <summary>What its connector says of itself.</summary>
    public SinkTraits Traits { get; } = SinkTraits.Of(attribute.AttributeClass!);

    /// <summary>Whether its rows need a key, as it is set up.</summary>
    public bool NeedsKey => Traits.NeedsKeyAs(Attribute);
}
