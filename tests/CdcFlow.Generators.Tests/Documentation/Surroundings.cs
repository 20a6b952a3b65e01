using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Tests.Documentation;

/// <summary>Makes a compilation's texts out of a snippet: with the declarations of <c>Shop.cs</c> that it uses and does not make and, where it shows members or rows
/// alone, with a pipeline around them.</summary>
internal static class Surroundings
{
    /// <summary>What projects of the SDK have without a word.</summary>
    private const string Implicit = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>What <c>docs/diagnostics/README.md</c> says its pages leave out.</summary>
    private const string Usings = """
        using System.ComponentModel.DataAnnotations;
        using System.ComponentModel.DataAnnotations.Schema;
        using System.Runtime.Serialization;
        using CdcFlow;
        using CdcFlow.Files;
        using CdcFlow.Kafka;
        using CdcFlow.Postgres;
        using CdcFlow.Rows;
        using Microsoft.EntityFrameworkCore;
        using ThirdParty.FooSink;

        """;

    /// <summary>A way from a source to a sink, so that a pipeline is whole whatever a snippet lacks; of a row type that no snippet knows.</summary>
    private const string Way = """[PostgresSource("shop"), FileSink("copies")] public partial Changes<Copied> Copied { get; }""";

    private static readonly CompilationUnitSyntax shop = Parse(File.ReadAllText(Path.Combine(Snippet.Root, "tests/CdcFlow.Generators.Tests/Documentation/Shop.cs")));

    private static readonly MemberDeclarationSyntax[] types = [.. shop.Members];

    private static readonly MemberDeclarationSyntax[] nodes = [.. ((TypeDeclarationSyntax)types.Single(type => Name(type) == "OrdersPipeline")).Members];

    /// <summary>A snippet that is a file.</summary>
    public static string[] OfFile(string snippet)
    {
        var file = Parse(snippet);
        var known = file.DescendantNodes().OfType<MemberDeclarationSyntax>().Select(Name);
        return [snippet, Implicit, shop.Usings.ToFullString() + Used(types, Words(file), known)];
    }

    /// <summary>A snippet of the diagnostics' pages: members of a pipeline, types, or both; <c>…</c> stands for what does not matter.</summary>
    public static string[] OfMembers(string snippet)
    {
        var whole = snippet.Replace("=> …;", "=> throw new NotImplementedException();", StringComparison.Ordinal).Replace("{ … }", $"{{ {Way} }}", StringComparison.Ordinal);
        var members = ((ClassDeclarationSyntax)Parse($"class Members\n{{\n{whole}\n}}").Members[0]).Members;
        var (own, rest) = (members.OfType<BaseTypeDeclarationSyntax>().ToArray(), members.Where(member => member is not BaseTypeDeclarationSyntax).ToArray());
        var body = Text(rest) + Used(nodes, rest.SelectMany(Words), rest.Select(Name)) + Way + (rest.Length == 0 ? OfRow(own.OfType<TypeDeclarationSyntax>().Select(Name).FirstOrDefault() ?? "Order") : "");
        var file = Usings + Text(own) + "[Table(\"copies\")] public sealed record Copied([property: Key] long Id);\n"
            + (own.Any(IsPipeline) ? "" : $"[CdcPipeline(\"orders\")]\npublic sealed partial class OrdersPipeline\n{{\n{body}\n}}\n");
        return [file, Implicit, shop.Usings.ToFullString() + Used(types, Words(Parse(file)), [.. own.Select(Name), "OrdersPipeline"])];
    }

    /// <summary>Rows alone are looked at where a source and a sink have them.</summary>
    private static string OfRow(string row) => $"\n[PostgresSource(\"shop\"), FooSink(\"rows\")] public partial Changes<{row}> Rows {{ get; }}";

    private static bool IsPipeline(MemberDeclarationSyntax type) => Words(type).Any(word => word is "CdcPipeline" or "Filter");

    /// <summary>The declarations that <paramref name="words"/> name, with what those name in turn, but for those that are known.</summary>
    private static string Used(MemberDeclarationSyntax[] declarations, IEnumerable<string> words, IEnumerable<string> known)
    {
        var left = declarations.ExceptBy(known, Name).ToList();
        var text = "";
        for (var wanted = words.ToHashSet(); left.FirstOrDefault(declaration => wanted.Contains(Shown(declaration))) is { } found;)
        {
            left.Remove(found);
            wanted.UnionWith(Words(found));
            text += found.ToFullString() + "\n";
        }

        return text;
    }

    /// <summary>The name by which code refers to a declaration.</summary>
    private static string Shown(MemberDeclarationSyntax declaration) =>
        Name(declaration) is var name && name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^"Attribute".Length] : name;

    private static IEnumerable<string> Words(SyntaxNode node) => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text);

    private static string Text(IEnumerable<MemberDeclarationSyntax> members) => string.Concat(members.Select(member => member.ToFullString() + "\n"));

    private static string Name(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => "",
    };

    private static CompilationUnitSyntax Parse(string text) => CSharpSyntaxTree.ParseText(text, Compiling.Source.ParseOptions).GetCompilationUnitRoot();
}
