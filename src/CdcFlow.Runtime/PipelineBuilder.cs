using System.Reflection;
using CdcFlow.Operators;
using CdcFlow.Rows;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Runtime.Rejection;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime;

/// <summary>Puts together the graph of one attempt. Called by generated code; may be called by hand.</summary>
/// <remarks>Not thread-safe. Nothing is opened and nothing runs before the builder has returned to the engine.</remarks>
public sealed class PipelineBuilder
{
    private const int MaxConcurrencyMax = 1024;

    private readonly IConnectorResolver resolver;
    private readonly NodeRules rules;
    private readonly HashSet<string> stagesToFinish = new(StringComparer.Ordinal);
    private readonly HashSet<string> stageNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> nodeIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ISinkConnection> sinks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> sourceTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> sinkTypes = new(StringComparer.Ordinal);

    internal PipelineBuilder(PipelineGraph pipeline, IConnectorResolver resolver, FlowCounters counters, int rejectsMax)
    {
        this.resolver = resolver;
        rules = new NodeRules(pipeline, resolver, counters, rejectsMax);
        Graph = new FlowGraph(counters);
    }

    internal FlowGraph Graph { get; }

    /// <summary>Adds a table of a source. Sources that name one connection share one reader.</summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="source">Its attribute.</param>
    public ChangeStream<T> Source<T, TCodec>(string nodeId, CdcSourceAttribute source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        RequireOneType(sourceTypes, source.Connection, source.GetType());
        rules.Evidences.Add<T, TCodec>();
        var node = Graph.Sources.Find(other => other.Connection == source.Connection);
        if (node is null)
        {
            node = new SourceNode(source.Connection, resolver.Source(source));
            Graph.Sources.Add(node);
        }

        RequireOwnId(nodeId);
        var outlet = node.AddTable<T, TCodec>(source, nodeId, Graph.NewOutlet(nodeId));
        Graph.SourceSchemas.Add(nodeId, TCodec.Schema);
        return new ChangeStream<T>(nodeId, outlet, [nodeId]);
    }

    /// <summary>Adds a fused chain of synchronous nodes: one loop over each batch.</summary>
    /// <param name="name">The stage's name, unique; in messages and metrics.</param>
    /// <param name="input">What it takes.</param>
    public StageBuilder<T> Stage<T>(string name, ChangeStream<T> input)
        where T : class
    {
        var node = new StageNode<T>(name, new StageFailures(rules));
        Graph.Add(node, input.Outlet);
        Require(stageNames.Add(name), $"two of its stages have the name '{name}'");
        stagesToFinish.Add(name);
        return new StageBuilder<T>(node, Graph, input.Sources, finished => stagesToFinish.Remove(finished));
    }

    /// <summary>Adds an asynchronous node.</summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="op">What runs on each change.</param>
    /// <param name="options">How many at once, in which order; <c>MaxConcurrency</c> can be configured.</param>
    public ChangeStream<TOut> Async<TIn, TOut>(string nodeId, ChangeStream<TIn> input, IAsyncOperator<TIn, TOut> op, AsyncOptions options)
        where TIn : class
        where TOut : class => Async(nodeId, input, op, options, outputs: 1)[0];

    /// <summary>Adds an asynchronous node with several outputs: a route.</summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="op">What runs on each change; it names outputs by index.</param>
    /// <param name="options">How many at once, in which order; <c>MaxConcurrency</c> can be configured.</param>
    /// <param name="outputs">How many outputs it has; at least one.</param>
    public IReadOnlyList<ChangeStream<TOut>> Async<TIn, TOut>(
        string nodeId, ChangeStream<TIn> input, IAsyncOperator<TIn, TOut> op, AsyncOptions options, int outputs)
        where TIn : class
        where TOut : class
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var maxConcurrency = resolver.NodeSettings(nodeId)
            .GetInt32(nameof(AsyncOptions.MaxConcurrency), options.MaxConcurrency, 1, MaxConcurrencyMax);
        RequireOwnId(nodeId);
        Outlet[] outlets = [.. Enumerable.Range(0, outputs).Select(_ => Graph.NewOutlet<TIn, TOut>(nodeId))];
        Graph.Add(new AsyncNode<TIn, TOut>(nodeId, op, options with { MaxConcurrency = maxConcurrency }, outlets, Graph.CounterOf(nodeId), rules), input.Outlet);
        return [.. outlets.Select(outlet => new ChangeStream<TOut>(nodeId, outlet, input.Sources))];
    }

    /// <summary>Unites streams of one row type. Each keeps its order; checkpoints cut all of them at one place.</summary>
    /// <param name="nodeId">The node's id, unique.</param>
    /// <param name="inputs">What it takes; at least one.</param>
    public ChangeStream<T> Merge<T>(string nodeId, params ReadOnlySpan<ChangeStream<T>> inputs)
        where T : class
    {
        ArgumentOutOfRangeException.ThrowIfZero(inputs.Length);
        RequireOwnId(nodeId);
        var outlet = Graph.NewOutlet(nodeId);
        var outlets = new Outlet[inputs.Length];
        List<string> sources = [];
        for (var input = 0; input < inputs.Length; input++)
        {
            outlets[input] = inputs[input].Outlet;
            sources.AddRange(inputs[input].Sources.Except(sources));
        }

        Graph.Add(new MergeNode(nodeId, outlet), outlets);
        return new ChangeStream<T>(nodeId, outlet, sources);
    }

    /// <summary>Adds a sink. Sinks that name one connection share its transaction.</summary>
    /// <param name="name">The sink's name, unique.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="sink">Its attribute.</param>
    public void Sink<T, TCodec>(string name, ChangeStream<T> input, SinkAttribute sink)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        Require(!sinks.ContainsKey(name), $"two of its sinks have the name '{name}'");
        RequireOneType(sinkTypes, sink.Connection, sink.GetType());
        rules.Evidences.Add<T, TCodec>();
        var settings = resolver.SinkSettings(name);
        var node = Graph.Sinks.Find(other => other.Connection == sink.Connection);
        if (node is null)
        {
            node = new SinkNode(sink.Connection, resolver.Sink(sink, settings), rules.CountOfSinks());
            Graph.AddSink(node);
        }

        node.AddWriter<T, TCodec>(sink, name, settings);
        Graph.ConnectSink(node, name, input.Outlet);
        sinks.Add(name, node.Sink);
        Graph.SinkInputs.Add(new FlowSink(name, node, TCodec.Schema, input.Sources, input.NodeId, settings.GetBoolean(nameof(SinkAttribute.Shared), sink.Shared)));
    }

    /// <summary>Checks what only the whole graph can tell.</summary>
    internal void Finish()
    {
        resolver.Complete();
        Require(stagesToFinish.Count == 0, $"stage '{stagesToFinish.FirstOrDefault()}' has no operator");
        Require(Graph.Sources.Count > 0, "it has no source");
        Require(
            Graph.Sinks.Count(node => node.Sink.Kind == SinkKind.Transactional) <= 1,
            "two of its sink connections are transactional, and no single commit could decide a checkpoint");
        RequireKinds();
        RequirePlaces();
        RequireOwnKeys();
    }

    /// <summary>The compiler has judged the pipeline's delivery by what the attribute says.</summary>
    private void RequireKinds()
    {
        foreach (var node in Graph.Sinks)
        {
            var attribute = sinkTypes[node.Connection];
            var stated = attribute.GetCustomAttribute<SinkCapabilitiesAttribute>()?.Kind ?? node.Sink.Kind;
            Require(stated == node.Sink.Kind, $"sink connection '{node.Connection}' is {node.Sink.Kind}, and [SinkCapabilities] of {attribute.Name} says {stated}");
        }
    }

    /// <summary>Rows of several sources in one table that keeps one row per key: somebody has to say that their keys are never the same.</summary>
    private void RequireOwnKeys()
    {
        if (Graph.SinkInputs.Find(sink => sink is { Sources.Count: > 1, IsShared: false } && sink.Node.Sink.UpdatingSinks.Contains(sink.Name)) is { } merged)
        {
            throw new CdcFlowException(
                RuntimeErrorCodes.KeysMerged,
                $"Sink '{merged.Name}' keeps one row per key and gets rows of several sources ({string.Join(", ", merged.Sources)}), where the row of one would take the place of another's.",
                $"Give each source a sink and a table of its own. Where their keys are never the same, say so: Shared = true on '{merged.Name}', or {resolver.SinkSettings(merged.Name).Path}:{nameof(SinkAttribute.Shared)}=true.");
        }
    }

    /// <summary>Each sink behind a node that sets changes aside lacks them, and keeps them where its users look.</summary>
    private void RequirePlaces()
    {
        foreach (var node in rules.SettingAside)
        {
            var behind = rules.Behind(node);
            foreach (var (name, sink) in sinks.Where(sink => behind.Contains(sink.Key) || !rules.Knows(sink.Key)))
            {
                (sink.Rejects ?? throw new CdcFlowException(
                    ErrorCodes.NoPlaceForRejects,
                    $"'{node}' is to set changes aside (OnError = DeadLetter), and sink '{name}' behind it keeps none.",
                    $"Set OnError of '{node}' to Skip, which leaves such changes out, or to Stop: in its attribute, or as {rules.SettingOf(node)}.")).Require(name);
            }
        }
    }

    private void RequireOwnId(string nodeId) => Require(nodeIds.Add(nodeId), $"two of its nodes have the id '{nodeId}'");

    /// <summary>A connection is one connector, so it cannot be two systems.</summary>
    private static void RequireOneType(Dictionary<string, Type> types, string connection, Type type)
    {
        types.TryAdd(connection, type);
        Require(types[connection] == type, $"connection '{connection}' is named by both {types[connection].Name} and {type.Name}");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CdcFlowException(
                RuntimeErrorCodes.GraphInvalid, $"The pipeline cannot run: {otherwise}.", "Fix the pipeline class, or the code that builds the graph.");
        }
    }
}
