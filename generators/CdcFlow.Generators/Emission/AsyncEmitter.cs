using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the operator of an asynchronous node.</summary>
internal sealed class AsyncEmitter(SourceWriter writer, PipelineModel model, Names names, NamedNode named)
{
    private readonly NodeModel node = named.Node;

    public void Emit()
    {
        var parameters = node.IsStatic ? "" : $"{model.Type.Full} pipeline";
        using (writer.Open($"private sealed class {named.Class}({parameters}) : {Names.Operators}IAsyncOperator<{node.In.Full}, {node.Out.Full}>"))
        {
            writer.Line($"public int KeyHash(in {Names.Change(node.In)} change) => {names.Keys}.Hash(change.Row);").Line();
            using (writer.Open(
                $"public async global::System.Threading.Tasks.ValueTask InvokeAsync({Names.Change(node.In)} change, "
                + $"{Names.List}<{Names.Change(node.Out)}> output, global::System.Threading.CancellationToken cancellationToken)"))
            {
                new NodeBodyEmitter(writer, model, names, node, [new Port(node.Id, null)], (_, change) => $"output.Add({change});").Emit();
            }
        }
    }
}
