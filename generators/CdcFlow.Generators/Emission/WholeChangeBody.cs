using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Methods that take the change: they see everything and say everything; only truncates pass without them.</summary>
internal static class WholeChangeBody
{
    public static void Write(NodeBody body)
    {
        if (body.Node.Kind == NodeKind.Filter)
        {
            PassIf(body, $"{NodeBody.IsTruncate} || {body.Call("change")}", body.PassOn("change"));
        }
        else if (body.Node.Kind == NodeKind.Route)
        {
            Route(body);
        }
        else
        {
            body.PassTruncate();
            Make(body);
        }
    }

    private static void Make(NodeBody body)
    {
        if (body.Node.Kind == NodeKind.FanOut)
        {
            FanOutBody.PassEach(body, body.Call("change"), Made(body.Node, "row"));
        }
        else if (body.Node.Result.IsNullable)
        {
            PassIf(body, $"{body.Call("change")} is {{ }} row", body.PassOn(Made(body.Node, "row")));
        }
        else
        {
            body.Writer.Line(body.PassOn(Made(body.Node, body.Call("change"))));
        }
    }

    private static void Route(NodeBody body)
    {
        var branch = body.Node.Branch!.Full;
        body.Writer.Line($"{branch}? now = {NodeBody.IsTruncate} ? null : {body.Call("change")};");
        foreach (var port in body.Ports)
        {
            if (port.Branch is null)
            {
                body.Writer.Line(body.PassOn("change"));
            }
            else
            {
                PassIf(body, $"{NodeBody.IsTruncate} || now == {branch}.{port.Branch}", body.Pass(port, "change"));
            }
        }
    }

    private static void PassIf(NodeBody body, string condition, string pass)
    {
        using (body.Writer.Open($"if ({condition})"))
        {
            body.Writer.Line(pass);
        }
    }

    private static string Made(NodeModel node, string row) =>
        !node.Result.IsChange ? NodeBody.DerivedFrom(row)
        : node is { Kind: NodeKind.FanOut, Result.IsNullable: true } ? $"{row}.Value"
        : row;
}
