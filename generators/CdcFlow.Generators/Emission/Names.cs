using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>How generated code spells the types of CdcFlow, and which names its own nested types have.</summary>
internal sealed class Names
{
    public const string Flow = "global::CdcFlow.";
    public const string Batches = "global::CdcFlow.Batches.";
    public const string Operators = "global::CdcFlow.Operators.";
    public const string Rows = "global::CdcFlow.Rows.";
    public const string Runtime = "global::CdcFlow.Runtime.";
    public const string List = "global::System.Collections.Generic.List";

    /// <summary>What the generated half of every class has.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["Sources", "Sinks", "Graph", "Create", "Build"];

    private readonly NameScope scope;
    private readonly Dictionary<TypeRef, string> codecs = [];
    private readonly Dictionary<TypeRef, string> accesses = [];

    public Names(PipelineModel model)
    {
        scope = new NameScope(model.MemberNames.Concat(Reserved).Concat([model.Home.Name]));
        Keys = scope.Take("Keys");
        Locked = scope.Take("Locked");
        foreach (var row in model.Rows.Where(row => row.IsMadeByHiddenMembers))
        {
            accesses.Add(row.Type, scope.Take(NameScope.Pascal(row.Type.Short) + "Access"));
        }

        foreach (var row in model.Rows.Where(row => row.HasCodec))
        {
            codecs.Add(row.Type, scope.Take(NameScope.Pascal(row.Type.Short) + "Codec"));
        }
    }

    /// <summary>The nested class that knows keys.</summary>
    public string Keys { get; }

    /// <summary>The nested class that has the tables of the schema lock.</summary>
    public string Locked { get; }

    public string Codec(TypeRef row) => codecs[row];

    /// <summary>The nested class that calls the hidden members of a row type.</summary>
    public string Access(TypeRef row) => accesses[row];

    /// <summary>A name for a nested type.</summary>
    public string Nested(string name) => scope.Take(name);

    /// <summary>What a class is that can be run.</summary>
    public static string Contract(ClassModel home) => $"{Runtime}ICdcPipeline<{home.Type.Full}>";

    public static string Change(TypeRef row) => $"{Flow}Change<{row.Full}>";

    public static string Collector(TypeRef row) => $"{Operators}BatchCollector<{row.Full}>";

    /// <summary>A C# string literal.</summary>
    public static string Quote(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A name for what a port gives: <c>ByTierVip</c>.</summary>
    public static string Of(Port port) => NameScope.Pascal(port.Node) + port.Branch;
}
