using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes what one node does with one <c>change</c>; the same for fused and asynchronous nodes but for <c>await</c>.</summary>
/// <param name="ports">The node's outputs that anything takes.</param>
/// <param name="pass">The statement that gives a change to a port's consumers.</param>
internal sealed class NodeBodyEmitter(
    SourceWriter writer, PipelineModel model, Names names, NodeModel node, IReadOnlyList<Port> ports, Func<Port, string, string> pass)
{
    private const string Truncate = "change.Operation == global::CdcFlow.Operation.Truncate";

    private readonly Port whole = new(node.Id, null);

    /// <summary>Whether the node compares what it made of the old row with what it makes of the new one.</summary>
    public static bool ComparesRows(NodeModel node) => node is { Kind: NodeKind.FanOut, Parameters.TakesChange: false, Retracts: true };

    public static string RowsBefore(NodeModel node) => NameScope.Camel(node.Method) + "Before";

    public static string RowsNow(NodeModel node) => NameScope.Camel(node.Method) + "Now";

    public void Emit()
    {
        Action emit = node switch
        {
            { Parameters.TakesChange: true } => WholeChange,
            { Kind: NodeKind.Filter } => Filter,
            { Kind: NodeKind.Route } => Route,
            { Kind: NodeKind.FanOut } => FanOut,
            { Result.IsNullable: true } => DroppingMap,
            _ => Map,
        };
        emit();
    }

    private void Filter()
    {
        RequireColumns();
        writer.Line($"var passes = change.After is {{ }} after && {Call("after")};");
        var passed = "null";
        if (node.Retracts)
        {
            writer.Line($"bool? passed = {HasFullBefore} ? {Call("change.Before!")} : null;");
            passed = "passed";
        }

        Retract(whole, $"{Names.Operators}Retraction.Decide(change.Operation, {passed}, passes)");
    }

    private void Route()
    {
        RequireColumns();
        writer.Line($"{node.Branch!.Full}? now = change.After is {{ }} after ? {Call("after")} : null;");
        if (node.Retracts)
        {
            writer.Line($"{node.Branch.Full}? was = {HasFullBefore} ? {Call("change.Before!")} : null;");
        }

        foreach (var port in ports)
        {
            if (port.Branch is null)
            {
                writer.Line(pass(port, "change"));
                continue;
            }

            var branch = $"{node.Branch.Full}.{port.Branch}";
            Retract(port, $"{Names.Operators}Retraction.Decide(change.Operation, {(node.Retracts ? $"was is null ? null : was == {branch}" : "null")}, now == {branch})");
        }
    }

    /// <summary>The row stays the same, so what is passed on is the change itself or what it means to consumers.</summary>
    private void Retract(Port port, string decision)
    {
        using (writer.Open($"switch ({decision})"))
        {
            Case($"{Names.Operators}Emission.Same", pass(port, "change"));
            Case($"{Names.Operators}Emission.AsInsert", pass(port, $"{Names.Operators}Retraction.AsInsert(change)"));
            if (node.Retracts)
            {
                Case($"{Names.Operators}Emission.AsDelete",
                    pass(port, $"{Names.Operators}Retraction.AsDelete(change, change.Before ?? {names.Keys}.Only(change.After!))"));
            }
        }
    }

    private void Map()
    {
        using (writer.Open("switch (change.Operation)"))
        {
            Case($"{Names.Flow}Operation.Truncate", pass(whole, Truncated));
            if (node.CarriesOldRow)
            {
                Case($"{Names.Flow}Operation.Delete when {HasFullBefore}", pass(whole, DeletedWhole(Call("change.Before!"))));
            }

            Case($"{Names.Flow}Operation.Delete", pass(whole, Deleted("change.Before!")));
            writer.Line("default:");
            using (writer.Indent())
            {
                RequireColumns();
                var old = node.CarriesOldRow ? $"{HasFullBefore} ? {Call("change.Before!")} : null, " : "";
                writer.Line(pass(whole, DerivedFrom(old + Call("change.After!")))).Line("break;");
            }
        }
    }

    private void DroppingMap()
    {
        RequireColumns();
        writer.Line($"var row = change.After is {{ }} after ? {Call("after")} : null;");
        if (node.CarriesOldRow)
        {
            writer.Line($"var old = {HasFullBefore} ? {Call("change.Before!")} : null;");
        }

        var passed = "null";
        if (node.Retracts)
        {
            writer.Line($"bool? passed = {HasFullBefore} ? {(node.CarriesOldRow ? "old" : Call("change.Before!"))} is not null : null;");
            passed = "passed";
        }

        using (writer.Open($"switch ({Names.Operators}Retraction.Decide(change.Operation, {passed}, row is not null))"))
        {
            Case($"{Names.Operators}Emission.Same when row is not null", pass(whole, DerivedFrom(node.CarriesOldRow ? "old, row" : "row")));
            Case($"{Names.Operators}Emission.Same when {Truncate}", pass(whole, Truncated));
            Case($"{Names.Operators}Emission.AsInsert", pass(whole, $"{Names.Change(node.Out)}.Insert(row!, change.Metadata)"));
            var delete = node.Retracts ? $"{Names.Operators}Emission.Same or {Names.Operators}Emission.AsDelete" : $"{Names.Operators}Emission.Same";
            if (node.CarriesOldRow)
            {
                Case($"({delete}) when old is not null", pass(whole, DeletedWhole("old")));
            }

            Case(delete, pass(whole, Deleted("change.Row")));
        }
    }

    private void FanOut()
    {
        PassTruncate();
        if (!node.Retracts)
        {
            using (writer.Open("if (change.After is { } after)"))
            {
                RequireColumns();
                Each(Call("after"), "row", pass(whole, DerivedFrom("row")));
            }

            return;
        }

        var (before, now) = (RowsBefore(node), RowsNow(node));
        writer.Line($"{Names.Operators}FanOut.RequireBefore(change, {Names.Quote(node.Id)});");
        RequireColumns();
        Collect(before, "change.Before", "before");
        Collect(now, "change.After", "after");
        using (writer.Open($"foreach (var old in {before})"))
        using (writer.Open($"if ({names.Keys}.Find({now}, old) is null)"))
        {
            writer.Line(pass(whole, $"{Names.Change(node.Out)}.Delete(old, change.Metadata)"));
        }

        writer.Line();
        using (writer.Open($"foreach (var row in {now})"))
        {
            writer.Line(pass(whole, $"{Names.Operators}FanOut.Row(change, {names.Keys}.Find({before}, row), row)"));
        }
    }

    private void Collect(string list, string row, string local)
    {
        writer.Line(node.Async is null ? $"{list}.Clear();" : $"var {list} = new {Names.List}<{node.Out.Full}>();");
        using (writer.Open($"if ({row} is {{ }} {local})"))
        {
            if (node.Result.IsStream || node.Result.IsNullable)
            {
                Each(Call(local), "row", $"{list}.Add(row);");
            }
            else
            {
                writer.Line($"{list}.AddRange({Call(local)});");
            }
        }

        writer.Line();
    }

    /// <summary>The method sees everything and says everything; only truncates pass without it.</summary>
    private void WholeChange()
    {
        if (node.Kind == NodeKind.Filter)
        {
            using (writer.Open($"if ({Truncate} || {Call("change")})"))
            {
                writer.Line(pass(whole, "change"));
            }

            return;
        }

        if (node.Kind == NodeKind.Route)
        {
            WholeChangeRoute();
            return;
        }

        PassTruncate();
        if (node.Kind == NodeKind.FanOut)
        {
            Each(Call("change"), "row", pass(whole, Made("row")));
        }
        else if (node.Result.IsNullable)
        {
            using (writer.Open($"if ({Call("change")} is {{ }} row)"))
            {
                writer.Line(pass(whole, Made("row")));
            }
        }
        else
        {
            writer.Line(pass(whole, Made(Call("change"))));
        }
    }

    private void WholeChangeRoute()
    {
        writer.Line($"{node.Branch!.Full}? now = {Truncate} ? null : {Call("change")};");
        foreach (var port in ports)
        {
            if (port.Branch is null)
            {
                writer.Line(pass(port, "change"));
                continue;
            }

            using (writer.Open($"if ({Truncate} || now == {node.Branch.Full}.{port.Branch})"))
            {
                writer.Line(pass(port, "change"));
            }
        }
    }

    private void Each(string rows, string local, string statement)
    {
        using (writer.Open($"{(node.Result.IsStream ? "await " : "")}foreach (var {local} in {rows})"))
        {
            if (!node.Result.IsNullable)
            {
                writer.Line(statement);
                return;
            }

            using (writer.Open($"if ({local} is not null)"))
            {
                writer.Line(statement);
            }
        }
    }

    // The runtime passes truncates around asynchronous nodes.
    private void PassTruncate()
    {
        if (node.Async is not null)
        {
            return;
        }

        using (writer.Open($"if ({Truncate})"))
        {
            writer.Line(pass(whole, Truncated)).Line("return;");
        }

        writer.Line();
    }

    private void RequireColumns()
    {
        if (!node.UsesAnyColumn && node.UsedColumns.Count == 0)
        {
            return;
        }

        var used = string.Concat(node.UsedColumns.Select(column => $", nameof({node.In.Full}.{NameScope.Escape(column)})"));
        using (writer.Open("if (change.Unchanged is not null)"))
        {
            writer.Line($"{Names.Operators}UnchangedColumns.Require(change, {Names.Quote(node.Id)}{used});");
        }

        writer.Line();
    }

    private void Case(string label, string statement)
    {
        writer.Line($"case {label}:");
        using (writer.Indent())
        {
            writer.Line(statement).Line("break;");
        }
    }

    private string Call(string row)
    {
        var arguments = new[] { row, node.Parameters.TakesMetadata ? "change.Metadata" : null, node.Parameters.TakesCancellation ? "cancellationToken" : null };
        var target = node.IsStatic ? model.Type.Full : "pipeline";
        var wait = node.Async is not null && !node.Result.IsStream ? "await " : "";
        return $"{wait}{target}.{node.Method}({string.Join(", ", arguments.Where(argument => argument is not null))})";
    }

    private string Made(string row) => node.Result.IsChange ? node.Result.IsNullable && node.Kind == NodeKind.FanOut ? $"{row}.Value" : row : DerivedFrom(row);

    private static string DerivedFrom(string row) => $"{Names.Operators}Derived.From(change, {row})";

    private string Deleted(string row) => $"{Names.Change(node.Out)}.DeleteByKey({names.Keys}.For{node.Method}({row}), change.Metadata)";

    private string DeletedWhole(string row) => $"{Names.Change(node.Out)}.Delete({row}, change.Metadata)";

    private string Truncated => $"{Names.Change(node.Out)}.Truncate(change.Metadata)";

    private static string HasFullBefore => $"change.BeforeState == {Names.Flow}BeforeState.Full";
}
