using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Rows;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>What decides the rows of the sinks, out of the pipeline's shape and its connectors.</summary>
internal static class DefinitionOf
{
    /// <summary>The definition, as far as the connectors know by now: where tables are comes with a preflight, or once they are open.</summary>
    public static Definition Graph(PipelineGraph pipeline, FlowGraph graph) => new(
        [.. Nodes(pipeline, graph).Select(node => Node(node, pipeline, graph))],
        [.. graph.SinkInputs.Select(sink => Sink(sink, pipeline)).OfType<DefinedSink>().OrderBy(sink => sink.Name, StringComparer.Ordinal)]);

    /// <summary>A shape that was written by hand may leave sources out.</summary>
    private static IEnumerable<GraphNode> Nodes(PipelineGraph pipeline, FlowGraph graph)
    {
        var drawn = pipeline.Nodes.Where(node => node.Kind != GraphNodeKind.Sink).ToList();
        return drawn.Concat(graph.SourceSchemas
            .Where(source => drawn.All(node => node.Id != source.Key))
            .Select(source => new GraphNode(source.Key, GraphNodeKind.Source, source.Value.RowType)));
    }

    private static DefinedNode Node(GraphNode node, PipelineGraph pipeline, FlowGraph graph)
    {
        var inputs = Inputs(pipeline, node.Id);
        return new DefinedNode(node.Id, node.Kind.ToString().ToLowerInvariant(), node.RowType, inputs)
        {
            Content = node.Content,
            LooksAt = node.Columns is { } properties ? [.. Names(properties, inputs.Select(input => SourceOf(input.Node, pipeline)).FirstOrDefault(), graph)] : null,
            Source = graph.SourceSchemas.TryGetValue(node.Id, out var schema) ? new DefinedSource(TableOf(node.Id, schema, graph), Columns(schema)) : null,
        };
    }

    private static DefinedSink? Sink(FlowSink sink, PipelineGraph pipeline)
    {
        if (sink.Node.Sink.ContentOf(sink.Name) is not { } content)
        {
            return null;
        }

        var inputs = Inputs(pipeline, sink.Name);
        return new DefinedSink(sink.Name, sink.Node.Connection, sink.Schema.RowType, inputs.Count > 0 ? inputs : [new DefinedInput(sink.From, null)])
        {
            Columns = Columns(sink.Schema),
            Settings = content.Settings,
            Place = content.Place,
            Connector = pipeline.Nodes.FirstOrDefault(node => node.Kind == GraphNodeKind.Sink && node.Id == sink.Name)?.Detail?.Split(' ')[0],
        };
    }

    private static List<DefinedInput> Inputs(PipelineGraph pipeline, string id) =>
        [.. pipeline.Edges.Where(edge => edge.To == id).Select(edge => new DefinedInput(edge.From, edge.When))];

    private static SourceTable TableOf(string nodeId, RowSchema schema, FlowGraph graph)
    {
        var source = graph.Sources.First(source => source.NodeIds.Contains(nodeId));
        return new SourceTable(source.Connection, source.Connector.TableOf(nodeId) ?? new TableId(schema.SchemaName ?? "", schema.TableName));
    }

    private static Dictionary<string, string> Columns(RowSchema schema) => schema.Columns.ToDictionary(
        column => column.Name,
        column => $"{TypeOf(column)}{(column.IsKey ? DefinedSource.KeyColumn : "")}",
        StringComparer.Ordinal);

    // A null comes to a sink or it does not, so that whether one may come changes no row. What an enum's members are called is for its values to say.
    private static string TypeOf(ColumnDescriptor column) =>
        (column.ClrType.IsEnum ? "enum" : column.ClrType.ToString().Replace("System.", "", StringComparison.Ordinal)) + (column.TypeName is { } name ? $" ({name})" : "");

    /// <summary>The columns behind properties of a source's rows, in the properties' order, so that two that are exchanged are noticed; a property of another
    /// row is no column of a table.</summary>
    private static IEnumerable<string> Names(IReadOnlyList<string> properties, string? sourceId, FlowGraph graph) =>
        sourceId is not null && graph.SourceSchemas.TryGetValue(sourceId, out var schema)
            ? properties.Order(StringComparer.Ordinal).SelectMany(property => schema.Columns.Where(column => column.Property == property).Select(column => column.Name))
            : properties;

    /// <summary>The source whose rows a node gives as they are; null where it makes rows of its own.</summary>
    private static string? SourceOf(string id, PipelineGraph pipeline) => pipeline.Nodes.FirstOrDefault(node => node.Id == id && node.Kind != GraphNodeKind.Sink) switch
    {
        { Kind: GraphNodeKind.Source } source => source.Id,
        { Kind: GraphNodeKind.Filter or GraphNodeKind.Route } node when pipeline.Edges.FirstOrDefault(edge => edge.To == node.Id) is { } edge => SourceOf(edge.From, pipeline),
        _ => null,
    };
}
