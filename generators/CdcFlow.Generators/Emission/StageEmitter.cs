using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes a stage: one loop over a batch, and one method for each fused node that calls the next one directly.</summary>
internal sealed class StageEmitter(SourceWriter writer, PipelineModel model, Names names, FlowPlan plan, NamedStage named)
{
    private static readonly string[] localsOfBodies =
        ["pipeline", "batch", "change", "before", "after", "passed", "passes", "key", "row", "old", "made", "was", "now", "emission", "changes", "at", "e", "node", "failures", "input", "Process"];

    private readonly Stage stage = named.Stage;
    private readonly NameScope scope = new([.. localsOfBodies, .. named.Stage.Nodes.Select(node => node.Method)]);
    private readonly Dictionary<Port, string> collectors = [];
    private readonly Dictionary<Port, string> consumers = [];
    private readonly Dictionary<NodeModel, string> trials = [];

    public void Emit()
    {
        var parameters = stage.Nodes.Any(node => !node.IsStatic) ? new List<string> { $"{model.Type.Full} pipeline" } : [];
        foreach (var node in stage.Nodes)
        {
            foreach (var port in plan.Ports(node.Id).Where(plan.LeavesStage))
            {
                collectors.Add(port, scope.TakeLocal(Names.Of(port)));
                parameters.Add($"{Names.Collector(node.Out)} {collectors[port]}");
            }
        }

        parameters.Add($"{Names.Operators}INodeFailures failures");
        foreach (var node in stage.Nodes.Where(HasSiblings))
        {
            trials.Add(node, scope.Take($"Try{node.Method}"));
        }

        writer.Line($"// {Drawing.Show(stage.Input)} → {string.Join(", ", stage.Nodes.Select(node => node.Id))}");
        using (writer.Open($"private sealed class {named.Class}({string.Join(", ", parameters)}) : {Names.Operators}IBatchOperator<{stage.Row.Full}>"))
        {
            Fields();
            Process();
            foreach (var node in stage.Nodes)
            {
                writer.Line();
                Node(node);
            }
        }
    }

    private bool IsChain => stage.Nodes.Count > 1;

    private string FailedNode => IsChain ? "node" : Names.Quote(stage.Name);

    /// <summary>Whether something that belongs to the same change may still be to do after the node: where it fails, that must go on.</summary>
    private bool HasSiblings(NodeModel node) =>
        plan.FusedConsumers(node.Input).Count() > 1 || stage.Nodes.Any(giver => giver.Id == node.Input.Node && giver.Kind is NodeKind.FanOut or NodeKind.Route);

    private void Fields()
    {
        if (IsChain)
        {
            writer.Line("// Whose method runs, for the error of one that throws.").Line("private string node = \"\";").Line();
        }

        if (trials.Count > 0)
        {
            writer.Line("// The change that is on its way, for the node that fails on it.");
            writer.Line($"private {Names.Batches}ChangeBatch<{stage.Row.Full}> input = null!;").Line("private int at;").Line();
        }

        foreach (var node in stage.Nodes.Where(node => node.Kind == NodeKind.FanOut))
        {
            if (FanOutBody.ComparesRows(node))
            {
                writer.Line($"private readonly {Names.List}<{node.Out.Full}> {FanOutBody.RowsBefore(node)} = [];");
            }

            writer.Line($"private readonly {Names.List}<{FanOutBody.RowType(node)}> {FanOutBody.RowsNow(node)} = [];").Line();
        }
    }

    private void Process()
    {
        var first = stage.Nodes.Where(node => node.Input == stage.Input);
        using (writer.Open($"public void Process({Names.Batches}ChangeBatch<{stage.Row.Full}> batch)"))
        {
            writer.Line("var changes = batch.Changes;");
            if (trials.Count > 0)
            {
                writer.Line("input = batch;");
            }

            using (writer.Open($"for ({(trials.Count > 0 ? "" : "var ")}at = 0; at < changes.Length; at++)"))
            {
                using (writer.Open("try"))
                using (writer.Open("for (; at < changes.Length; at++)"))
                {
                    foreach (var node in first)
                    {
                        writer.Line($"{Method(node)}(changes[at]);");
                    }
                }

                using (writer.Open("catch (global::System.Exception e)"))
                {
                    writer.Line($"failures.Take({FailedNode}, changes[at], at, e);");
                }
            }
        }
    }

    /// <summary>What is called with a change for the node: its own method, or the one that goes on where it fails.</summary>
    private string Method(NodeModel node) => trials.TryGetValue(node, out var trial) ? trial : NameScope.Escape(node.Method);

    private void Trial(NodeModel node, string trial)
    {
        writer.Line();
        using (writer.Open($"private void {trial}(in {Names.Change(node.In)} change)"))
        {
            using (writer.Open("try"))
            {
                writer.Line($"{NameScope.Escape(node.Method)}(change);");
            }

            using (writer.Open("catch (global::System.Exception e)"))
            {
                writer.Line($"failures.Take({FailedNode}, input.Changes[at], at, e);");
            }
        }
    }

    private void Node(NodeModel node)
    {
        var mark = IsChain ? $"node = {Names.Quote(node.Id)};" : null;
        var retraction = PassingBody.Retracts(node) ? scope.Take($"Retract{node.Method}") : null;
        var body = new NodeBody(writer, model, names, node, plan.Ports(node.Id), (port, change) => $"{Consumer(port)}({change});", mark, retraction);
        if (node.Kind == NodeKind.Filter)
        {
            // The call would cost as much as the filter.
            writer.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]");
        }

        using (writer.Open($"private void {NameScope.Escape(node.Method)}(in {Names.Change(node.In)} change)"))
        {
            body.Write();
        }

        if (trials.TryGetValue(node, out var trial))
        {
            Trial(node, trial);
        }

        if (retraction is not null)
        {
            // Room for the changes that this makes would have to be cleared for every row that just passes.
            writer.Line();
            using (writer.Open($"private void {retraction}(in {Names.Change(node.In)} change, bool passes)"))
            {
                PassingBody.WriteRetraction(body);
            }
        }

        foreach (var port in plan.Ports(node.Id).DefaultIfEmpty(new Port(node.Id, null)).Where(port => Targets(port).Count != 1 && consumers.ContainsKey(port)))
        {
            writer.Line();
            using (writer.Open($"private void {consumers[port]}(in {Names.Change(node.Out)} change)"))
            {
                Targets(port).ForEach(target => writer.Line($"{target}(change);"));
            }
        }
    }

    /// <summary>What is called with a change of the port: its one consumer, or a method that calls all of them.</summary>
    private string Consumer(Port port)
    {
        var targets = Targets(port);
        if (targets.Count == 1)
        {
            return targets[0];
        }

        if (!consumers.TryGetValue(port, out var method))
        {
            consumers.Add(port, method = scope.Take($"Pass{Names.Of(port)}"));
        }

        return method;
    }

    private List<string> Targets(Port port)
    {
        var targets = plan.FusedConsumers(port).Select(Method).ToList();
        if (collectors.TryGetValue(port, out var collector))
        {
            targets.Insert(0, $"{collector}.Add");
        }

        return targets;
    }
}
