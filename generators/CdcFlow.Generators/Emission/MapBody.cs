namespace CdcFlow.Generators.Emission;

/// <summary>Maps: one row is made of another, or none is.</summary>
internal static class MapBody
{
    private const string NewRow = "change.After!";

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
                WriteRow(body);
                body.Writer.Line("break;");
            }
        }
    }

    private static void WriteRow(NodeBody body)
    {
        if (body.Node.CarriesOldRow)
        {
            body.Writer.Line($"var old = {NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null;").Line($"var row = {body.Call(NewRow)};");
            PassWithOldRow(body);
            return;
        }

        MadeKey.Keep(body, NewRow);
        body.Writer.Line($"var row = {body.Call(NewRow)};");
        MadeKey.Require(body, "row");
        body.Writer.Line(body.PassOn(NodeBody.DerivedFrom("row")));
    }

    // Deletes are made of the whole old row here, so the key may be made of anything: where it is another than before, the row moves.
    private static void PassWithOldRow(NodeBody body)
    {
        var writer = body.Writer;
        using (writer.Open($"if (old is null || {body.Names.Keys}.Same(old, row))"))
        {
            writer.Line(body.PassOn(NodeBody.DerivedFrom("old, row")));
        }

        using (writer.Open("else"))
        {
            writer.Line(body.PassOn(body.Delete("old"))).Line(body.PassOn(Insert(body)));
        }
    }

    public static void WriteDropping(NodeBody body)
    {
        var (node, writer) = (body.Node, body.Writer);
        body.RequireColumns();
        WriteDroppedRow(body);
        var passed = "null";
        if (node.Retracts)
        {
            writer.Line($"bool? passed = {NodeBody.HasFullBefore} ? {(node.CarriesOldRow ? "old" : body.Call("change.Before!"))} is not null : null;");
            passed = "passed";
        }

        using (writer.Open($"switch ({Names.Operators}Retraction.Decide(change.Operation, {passed}, row is not null))"))
        {
            if (node.CarriesOldRow)
            {
                writer.Line($"case {Names.Operators}Emission.Same when row is not null:");
                using (writer.Indent())
                {
                    PassWithOldRow(body);
                    writer.Line("break;");
                }
            }
            else
            {
                body.Case($"{Names.Operators}Emission.Same when row is not null", body.PassOn(NodeBody.DerivedFrom("row")));
            }

            body.Case($"{Names.Operators}Emission.Same when {NodeBody.IsTruncate}", body.PassOn(body.Truncated));
            body.Case($"{Names.Operators}Emission.AsInsert", body.PassOn(Insert(body, "row!")));
            var delete = node.Retracts ? $"{Names.Operators}Emission.Same or {Names.Operators}Emission.AsDelete" : $"{Names.Operators}Emission.Same";
            if (node.CarriesOldRow)
            {
                body.Case($"({delete}) when old is not null", body.PassOn(body.Delete("old")));
            }

            body.Case(delete, body.PassOn(DeleteByKey(body, "change.Row")));
        }
    }

    private static void WriteDroppedRow(NodeBody body)
    {
        var (node, writer) = (body.Node, body.Writer);
        if (node.CarriesOldRow)
        {
            writer.Line($"var row = change.After is {{ }} after ? {body.Call("after")} : null;");
            writer.Line($"var old = {NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null;");
            return;
        }

        writer.Line($"{node.Out.Full}? row = null;");
        using (writer.Open("if (change.After is { } after)"))
        {
            MadeKey.Keep(body, "after");
            writer.Line($"row = {body.Call("after")};");
            MadeKey.Require(body, "row", isNullable: true);
        }

        writer.Line();
    }

    private static string Insert(NodeBody body, string row = "row") => $"{Names.Change(body.Node.Out)}.Insert({row}, change.Metadata)";

    private static string DeleteByKey(NodeBody body, string row) =>
        $"{Names.Change(body.Node.Out)}.DeleteByKey({body.Names.Keys}.For{body.Node.Method}({row}), change.Metadata)";
}
