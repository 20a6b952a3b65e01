using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>What one node does with one <c>change</c>: the words that the bodies of all kinds of nodes are written with. The same for fused and asynchronous
/// nodes but for <c>await</c>.</summary>
/// <param name="Writer">Where to.</param>
/// <param name="Model">The pipeline.</param>
/// <param name="Names">Its names.</param>
/// <param name="Node">The node.</param>
/// <param name="Ports">The node's outputs that anything takes.</param>
/// <param name="Pass">The statement that gives a change to a port's consumers.</param>
/// <param name="Mark">The statement that says that the node's method runs; null where nobody asks.</param>
/// <param name="Retraction">The method in which a filter takes rows back; null where that is written in place.</param>
internal sealed record NodeBody(
    SourceWriter Writer, PipelineModel Model, Names Names, NodeModel Node, IReadOnlyList<Port> Ports, Func<Port, string, string> Pass,
    string? Mark = null, string? Retraction = null)
{
    public const string IsTruncate = "change.Operation == global::CdcFlow.Operation.Truncate";
    public const string HasFullBefore = $"change.BeforeState == {Names.Flow}BeforeState.Full";

    public void Write()
    {
        if (Mark is not null)
        {
            Writer.Line(Mark);
        }

        Action<NodeBody> write = Node switch
        {
            { Parameters.TakesChange: true } => WholeChangeBody.Write,
            { Kind: NodeKind.Filter } => PassingBody.WriteFilter,
            { Kind: NodeKind.Route } => PassingBody.WriteRoute,
            { Kind: NodeKind.FanOut } => FanOutBody.Write,
            { Result.IsNullable: true } => MapBody.WriteDropping,
            _ => MapBody.Write,
        };
        write(this);
    }

    /// <summary>The truncate, for the node's consumers.</summary>
    public string Truncated => $"{Names.Change(Node.Out)}.Truncate(change.Metadata)";

    /// <summary>The statement that gives a change to those who take all of the output.</summary>
    public string PassOn(string change) => Pass(new Port(Node.Id, null), change);

    /// <summary>The call of the user's method.</summary>
    public string Call(string row)
    {
        var arguments = new[] { row, Node.Parameters.TakesMetadata ? "change.Metadata" : null, Node.Parameters.TakesCancellation ? "cancellationToken" : null };
        var target = Node.IsStatic ? Model.Type.Full : "pipeline";
        var wait = Node.Async is not null && !Node.Result.IsStream ? "await " : "";
        return $"{wait}{target}.{NameScope.Escape(Node.Method)}({string.Join(", ", arguments.Where(argument => argument is not null))})";
    }

    /// <summary>The change that says of a made row what <c>change</c> says of its own.</summary>
    public static string DerivedFrom(string row) => $"{Names.Operators}Derived.From(change, {row})";

    public string Delete(string row) => $"{Names.Change(Node.Out)}.Delete({row}, change.Metadata)";

    public void RequireColumns()
    {
        if (!Node.UsesAnyColumn && Node.UsedColumns.Count == 0)
        {
            return;
        }

        var used = string.Concat(Node.UsedColumns.Select(column => $", nameof({Node.In.Full}.{NameScope.Escape(column)})"));
        using (Writer.Open("if (change.Missing is not null)"))
        {
            Writer.Line($"{Names.Operators}UnchangedColumns.Require(change, {Names.Quote(Node.Id)}{used});");
        }

        Writer.Line();
    }

    // The runtime passes truncates around asynchronous nodes.
    public void PassTruncate()
    {
        if (Node.Async is not null)
        {
            return;
        }

        using (Writer.Open($"if ({IsTruncate})"))
        {
            Writer.Line(PassOn(Truncated)).Line("return;");
        }

        Writer.Line();
    }

    public void Case(string label, string statement)
    {
        Writer.Line($"case {label}:");
        using (Writer.Indent())
        {
            Writer.Line(statement).Line("break;");
        }
    }

    /// <summary>Statements for each row that the method gives and that is not null.</summary>
    public void Each(string rows, string local, params string[] statements)
    {
        using (Writer.Open($"{(Node.Result.IsStream ? "await " : "")}foreach (var {local} in {rows})"))
        {
            using (Node.Result.IsNullable ? Writer.Open($"if ({local} is not null)") : default)
            {
                Array.ForEach(statements, statement => Writer.Line(statement));
            }
        }
    }
}
