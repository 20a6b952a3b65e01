using System.Globalization;
using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the operator of an asynchronous node.</summary>
internal sealed class AsyncEmitter(SourceWriter writer, PipelineModel model, Names names, NamedNode named)
{
    private readonly NodeModel node = named.Node;

    public void Emit()
    {
        var parameters = node.IsStatic ? "" : $"{model.Type.Full} pipeline";
        if (named.Outputs.Count > 1)
        {
            writer.Line($"// Outputs: {string.Join(", ", named.Outputs.Select((port, index) => $"{Number(index)} is {Drawing.Show(port)}"))}");
        }

        using (writer.Open($"private sealed class {named.Class}({parameters}) : {Names.Operators}IAsyncOperator<{node.In.Full}, {node.Out.Full}>"))
        {
            writer.Line($"public int KeyHash(in {Names.Change(node.In)} change) => {names.Keys}.Hash(change.Row);").Line();
            using (writer.Open(
                $"public async global::System.Threading.Tasks.ValueTask InvokeAsync({Names.Change(node.In)} change, "
                + $"{Names.Operators}AsyncCollector<{node.Out.Full}> output, global::System.Threading.CancellationToken cancellationToken)"))
            {
                new NodeBody(writer, model, names, node, named.Outputs, Add).Write();
            }
        }
    }

    private string Add(Port port, string change) =>
        named.Outputs.Count > 1 ? $"output.Add({Number(named.Outputs.ToList().IndexOf(port))}, {change});" : $"output.Add({change});";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
