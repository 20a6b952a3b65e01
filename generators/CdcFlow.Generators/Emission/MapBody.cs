namespace CdcFlow.Generators.Emission;

/// <summary>Maps: one row is made of another, or none is.</summary>
internal static class MapBody
{
    public static void Write(NodeBody body)
    {
        var node = body.Node;
        using (body.Writer.Open("switch (change.Operation)"))
        {
            body.Case($"{Names.Flow}Operation.Truncate", body.PassOn(body.Truncated));
            if (node.CarriesOldRow)
            {
                body.Case($"{Names.Flow}Operation.Delete when {NodeBody.HasFullBefore}", body.PassOn(body.Delete(body.Call("change.Before!"))));
            }

            body.Case($"{Names.Flow}Operation.Delete", body.PassOn(DeleteByKey(body, "change.Before!")));
            body.Writer.Line("default:");
            using (body.Writer.Indent())
            {
                body.RequireColumns();
                var old = node.CarriesOldRow ? $"{NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null, " : "";
                body.Writer.Line(body.PassOn(NodeBody.DerivedFrom(old + body.Call("change.After!")))).Line("break;");
            }
        }
    }

    public static void WriteDropping(NodeBody body)
    {
        var (node, writer) = (body.Node, body.Writer);
        body.RequireColumns();
        writer.Line($"var row = change.After is {{ }} after ? {body.Call("after")} : null;");
        if (node.CarriesOldRow)
        {
            writer.Line($"var old = {NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null;");
        }

        var passed = "null";
        if (node.Retracts)
        {
            writer.Line($"bool? passed = {NodeBody.HasFullBefore} ? {(node.CarriesOldRow ? "old" : body.Call("change.Before!"))} is not null : null;");
            passed = "passed";
        }

        using (writer.Open($"switch ({Names.Operators}Retraction.Decide(change.Operation, {passed}, row is not null))"))
        {
            body.Case($"{Names.Operators}Emission.Same when row is not null", body.PassOn(NodeBody.DerivedFrom(node.CarriesOldRow ? "old, row" : "row")));
            body.Case($"{Names.Operators}Emission.Same when {NodeBody.IsTruncate}", body.PassOn(body.Truncated));
            body.Case($"{Names.Operators}Emission.AsInsert", body.PassOn($"{Names.Change(node.Out)}.Insert(row!, change.Metadata)"));
            var delete = node.Retracts ? $"{Names.Operators}Emission.Same or {Names.Operators}Emission.AsDelete" : $"{Names.Operators}Emission.Same";
            if (node.CarriesOldRow)
            {
                body.Case($"({delete}) when old is not null", body.PassOn(body.Delete("old")));
            }

            body.Case(delete, body.PassOn(DeleteByKey(body, "change.Row")));
        }
    }

    private static string DeleteByKey(NodeBody body, string row) =>
        $"{Names.Change(body.Node.Out)}.DeleteByKey({body.Names.Keys}.For{body.Node.Method}({row}), change.Metadata)";
}
