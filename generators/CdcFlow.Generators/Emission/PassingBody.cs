using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Filters and routes: the row stays the same, so what is passed on is the change itself or what it means to consumers.</summary>
internal static class PassingBody
{
    /// <summary>Whether the node is a filter that takes back rows that do not pass any more.</summary>
    public static bool Retracts(NodeModel node) => node is { Kind: NodeKind.Filter, Retracts: true, Parameters.TakesChange: false };

    public static void WriteFilter(NodeBody body)
    {
        var writer = body.Writer;
        body.RequireColumns();
        writer.Line($"var passes = change.After is {{ }} after && {body.Call("after")};");

        if (!body.Node.Retracts)
        {
            Decide(body, body.PassOn, "null", "passes");
            return;
        }

        // What is decided of a row that passes and whose old row cannot object, without asking: the common case costs two tests.
        using (writer.Open($"if (passes && change.BeforeState != {Names.Flow}BeforeState.Full)"))
        {
            writer.Line(body.PassOn("change")).Line("return;");
        }

        writer.Line();
        if (body.Retraction is { } apart)
        {
            writer.Line($"{apart}(change, passes);");
        }
        else
        {
            WriteRetraction(body);
        }
    }

    /// <summary>What becomes of a change whose row does not pass, or whose old row has a say.</summary>
    public static void WriteRetraction(NodeBody body)
    {
        body.Writer.Line($"bool? passed = {NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null;");
        Decide(body, body.PassOn, "passed", "passes");
    }

    public static void WriteRoute(NodeBody body)
    {
        var branch = body.Node.Branch!.Full;
        body.RequireColumns();
        body.Writer.Line($"{branch}? now = change.After is {{ }} after ? {body.Call("after")} : null;");
        if (body.Node.Retracts)
        {
            body.Writer.Line($"{branch}? was = {NodeBody.HasFullBefore} ? {body.Call("change.Before!")} : null;");
        }

        foreach (var port in body.Ports)
        {
            if (port.Branch is null)
            {
                body.Writer.Line(body.PassOn("change"));
                continue;
            }

            var was = body.Node.Retracts ? $"was is null ? null : was == {branch}.{port.Branch}" : "null";
            Decide(body, change => body.Pass(port, change), was, $"now == {branch}.{port.Branch}");
        }
    }

    private static void Decide(NodeBody body, Func<string, string> pass, string before, string after)
    {
        var decision = $"{Names.Operators}Retraction.Decide(change.Operation, {before}, {after})";
        using (body.Writer.Open(body.Node.Retracts ? $"switch ({decision})" : $"if ({decision} == {Names.Operators}Emission.Same)"))
        {
            if (!body.Node.Retracts)
            {
                body.Writer.Line(pass("change"));
                return;
            }

            body.Case($"{Names.Operators}Emission.Same", pass("change"));
            body.Case($"{Names.Operators}Emission.AsInsert", pass($"{Names.Operators}Retraction.AsInsert(change)"));
            body.Case($"{Names.Operators}Emission.AsDelete", pass($"{Names.Operators}Retraction.AsDelete(change, change.Before ?? {body.Names.Keys}.Only(change.After!))"));
        }
    }
}
