using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Fan-outs: several rows are made of one, and what an old row gave and the new one does not is taken back.</summary>
internal static class FanOutBody
{
    /// <summary>Whether the node compares what it made of the old row with what it makes of the new one.</summary>
    public static bool ComparesRows(NodeModel node) => node is { Kind: NodeKind.FanOut, Parameters.TakesChange: false, Retracts: true };

    public static string RowsBefore(NodeModel node) => NameScope.Camel(node.Method) + "Before";

    public static string RowsNow(NodeModel node) => NameScope.Camel(node.Method) + "Now";

    public static void Write(NodeBody body)
    {
        body.PassTruncate();
        if (ComparesRows(body.Node))
        {
            Compare(body);
            return;
        }

        using (body.Writer.Open("if (change.After is { } after)"))
        {
            body.RequireColumns();
            PassEach(body, body.Call("after"), NodeBody.DerivedFrom("row"));
        }
    }

    /// <summary>What the method gives several of.</summary>
    public static string RowType(NodeModel node) =>
        ComparesRows(node) ? node.Out.Full : (node.Result.IsChange ? Names.Change(node.Out) : node.Out.Full) + (node.Result.IsNullable ? "?" : "");

    /// <summary>Passes a change for each row, once the method has given all of them: of a change that it fails on, nothing is passed.</summary>
    public static void PassEach(NodeBody body, string rows, string change)
    {
        if (body.Node.Async is null)
        {
            var now = RowsNow(body.Node);
            body.Writer.Line($"{now}.Clear();").Line($"{now}.AddRange({rows});");
            rows = now;
        }

        body.Each(rows, "row", body.PassOn(change));
    }

    private static void Compare(NodeBody body)
    {
        var (node, writer, keys) = (body.Node, body.Writer, body.Names.Keys);
        var (before, now) = (RowsBefore(node), RowsNow(node));
        writer.Line($"{Names.Operators}FanOut.RequireBefore(change, {Names.Quote(node.Id)});");
        body.RequireColumns();
        Collect(body, before, "change.Before", "before");
        Collect(body, now, "change.After", "after");
        using (writer.Open($"foreach (var old in {before})"))
        using (writer.Open($"if ({keys}.Find({now}, old) is null)"))
        {
            writer.Line(body.PassOn(body.Delete("old")));
        }

        writer.Line();
        using (writer.Open($"foreach (var row in {now})"))
        {
            writer.Line(body.PassOn($"{Names.Operators}FanOut.Row(change, {keys}.Find({before}, row), row)"));
        }
    }

    private static void Collect(NodeBody body, string list, string row, string local)
    {
        var (node, writer) = (body.Node, body.Writer);
        writer.Line(node.Async is null ? $"{list}.Clear();" : $"var {list} = new {Names.List}<{node.Out.Full}>();");
        using (writer.Open($"if ({row} is {{ }} {local})"))
        {
            if (node.Result.IsStream || node.Result.IsNullable)
            {
                body.Each(body.Call(local), "row", $"{list}.Add(row);");
            }
            else
            {
                writer.Line($"{list}.AddRange({body.Call(local)});");
            }
        }

        writer.Line();
    }
}
