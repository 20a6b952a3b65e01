namespace CdcFlow.Checkpointing.Definitions;

/// <summary>All that feeds one sink, from its sources on. Pure.</summary>
internal sealed class SinkPath
{
    private readonly Dictionary<string, DefinedNode> nodes = new(StringComparer.Ordinal);

    private SinkPath(DefinedSink sink) => Sink = sink;

    /// <summary>The sink.</summary>
    public DefinedSink Sink { get; }

    /// <summary>The methods on the way, nearest to the sink first.</summary>
    public IEnumerable<DefinedNode> Methods => nodes.Values.Where(node => node.Source is null);

    /// <summary>The sources.</summary>
    public IEnumerable<DefinedNode> Sources => nodes.Values.Where(node => node.Source is not null);

    /// <summary>The tables.</summary>
    public IReadOnlyList<SourceTable> Tables => [.. Sources.Select(source => source.Source!.Table).Distinct()];

    /// <summary>What becomes of a row on the way, without the names that nodes bear and without columns: two paths of one text do the same.</summary>
    public string Text => string.Join(" + ", Sink.Inputs.Select(TextOf));

    /// <summary>The path of a sink.</summary>
    public static SinkPath Of(Definition definition, DefinedSink sink)
    {
        var path = new SinkPath(sink);
        var open = new Queue<DefinedInput>(sink.Inputs);
        while (open.TryDequeue(out var input))
        {
            if (definition.Nodes.FirstOrDefault(node => node.Id == input.Node) is { } node && path.nodes.TryAdd(node.Id, node))
            {
                foreach (var further in node.Inputs)
                {
                    open.Enqueue(further);
                }
            }
        }

        // A graph that was built by hand may not say what feeds a sink.
        foreach (var source in definition.Nodes.Where(node => node.Source is not null && !path.Sources.Any()).ToList())
        {
            path.nodes.Add(source.Id, source);
        }

        return path;
    }

    /// <summary>The columns of a node's rows that something behind it may look at; null for all of them.</summary>
    public HashSet<string>? LookedAt(string id)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var takers = nodes.Values.Where(node => node.Inputs.Any(input => input.Node == id)).ToList();
        if (takers.Count == 0 || Sink.Inputs.Any(input => input.Node == id))
        {
            return null;
        }

        foreach (var taker in takers)
        {
            if (taker.LooksAt is not { } own || (taker.PassesRowsOn ? LookedAt(taker.Id) : []) is not { } further)
            {
                return null;
            }

            used.UnionWith(own);
            used.UnionWith(further);
        }

        return used;
    }

    private string TextOf(DefinedInput input) =>
        $"{(nodes.TryGetValue(input.Node, out var node) ? TextOf(node) : "")}{(input.When is { } when ? $" / {when}" : "")}";

    private string TextOf(DefinedNode node) => node.Source is { } source
        ? $"{source.Table.Connection} {source.Table}"
        : $"{node.Kind} {node.Content} ({string.Join(" + ", node.Inputs.Select(TextOf))})";
}
