using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Tests;

/// <summary>Whatever a user's types are called and bring along, the generated half compiles without a word.</summary>
public sealed class QuietTests
{
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }""";
    private const string Order = "public sealed record Order([property: Key] long Id, string? Note);\n";

    /// <summary>Code of which the generated half must be right without being let off anything.</summary>
    public static TheoryData<string, string> Plain => new()
    {
        { "keywords", $$"""public sealed record @event([property: Key] long @class, string @string, int? @record) { public bool @if { get; set; } } [CdcPipeline("p")] public sealed partial class @public { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<@event> @new { get; } [Filter(From = nameof(@new)), InMemorySink("lake", Name = "b")] public static bool @is(@event row) => row.@if; }""" },
        { "contextual keywords", """public sealed record Row([property: Key] long value, string field) { public int? async { get; set; } } [CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Row> var { get; } [Filter(From = nameof(var)), InMemorySink("lake", Name = "b")] public static bool await(Row yield) => yield.value > 1; }""" },
        { "types called like ours", Order + $$"""public sealed class RowSchema; public sealed class IRowCodec; public sealed class System; public sealed class Guid; public sealed class Change; public sealed class PipelineBuilder; [CdcPipeline("p")] public sealed partial class P { {{Orders}} }""" },
        { "members called like ours", Order + $$"""[CdcPipeline("p")] public sealed partial class P { private static int Keys => 1; public class OrderCodec; public class Rows; public class CdcFlow; {{Orders}} public static int Use => Keys; }""" },
        { "nested in types called like our namespaces", $$"""public static partial class CdcFlow { public static partial class System { public static partial class Rows { {{Order}} [CdcPipeline("p")] public sealed partial class P { {{Orders}} } } } }""" },
        { "nested pipeline and rows", $$"""public partial struct Outer { public partial interface IInner { public sealed record Order([property: Key] long Id); [CdcPipeline("p")] public sealed partial class P { {{Orders}} } } }""" },
        { "generic rows", """public sealed record Box<T>([property: Key] long Id, T Content); [CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Box<string>> Texts { get; } [InMemorySource("shop"), InMemorySink("lake", Name = "n")] public partial Changes<Box<int>> Numbers { get; } }""" },
        { "members that anybody may not see", """[CdcPipeline("p")] internal sealed partial class P { private sealed record Order([property: Key] long Id); [InMemorySource("shop"), InMemorySink("lake")] private partial Changes<Order> Orders { get; } }""" },
        { "members that must be set", """public class Order { [Key] public required long Id { get; init; } public required string Name { get; set; } public string? Note { get; init; } } [CdcPipeline("p")] public sealed partial class P { """ + Orders + " }" },
        { "entities", """public abstract class Entity<T> where T : notnull { public T Id { get; protected set; } = default!; } public class Order : Entity<string> { protected Order() { } public string Name { get; private set; } = null!; public List<string>? Tags { get; private set; } } [CdcPipeline("p")] public sealed partial class P { """ + Orders + " }" },
        { "lists and JSON", """public sealed record Order([property: Key] long Id, List<string?> Names, List<int?>? Numbers, IReadOnlyCollection<string> Tags, System.Text.Json.Nodes.JsonNode? Node, System.Text.Json.JsonDocument Document, System.Text.Json.JsonElement? Element, Dictionary<string, string?> Pairs, ReadOnlyMemory<float>? Vector, System.Collections.BitArray Bits); [CdcPipeline("p")] public sealed partial class P { """ + Orders + " }" },
    };

    /// <summary>Code that says of its own members that their users are to be warned: they are, but not for what the compiler wrote.</summary>
    public static TheoryData<string, string> Marked => new()
    {
        { "obsolete property", $$"""public sealed class Order { [Key] public long Id { get; set; } [Obsolete] public string? Old { get; set; } [Obsolete("use Id", DiagnosticId = "SHOP1")] public int Older { get; set; } } [CdcPipeline("p")] public sealed partial class P { {{Orders}} }""" },
        { "obsolete enum member", $$"""public enum Lane { [Obsolete("gone")] Slow, Fast } public sealed record Order([property: Key] long Id, Lane Lane); [CdcPipeline("p")] public sealed partial class P { {{Orders}} }""" },
        { "experimental property", $$"""public sealed class Order { [Key] public long Id { get; set; } [System.Diagnostics.CodeAnalysis.Experimental("SHOP2")] public string? New { get; set; } } [CdcPipeline("p")] public sealed partial class P { {{Orders}} }""" },
        { "base class with members called like the generated half's", Order + $$"""public class Base { public static int Graph => 1; public class Sources; public class OrderCodec; } [CdcPipeline("p")] public sealed partial class P : Base { {{Orders}} }""" },
        { "names in lower case", """public sealed record Order([property: Key] long Id); [CdcPipeline("p")] public sealed partial class P { """ + Orders + " }" },
    };

    [Theory, MemberData(nameof(Plain))]
    public void Generated_half_is_right(string what, string text)
    {
        Assert.NotEmpty(what);
        Assert.Empty(Source.Complaints(Source.Compile(Source.Shop + text)));
    }

    [Theory, MemberData(nameof(Marked)), MemberData(nameof(Plain))]
    public void Generated_half_is_quiet(string what, string text)
    {
        Assert.NotEmpty(what);
        Assert.Empty(Source.ComplaintsAsBuilt(Source.Compile(Source.Shop + text)));
    }

    [Theory, MemberData(nameof(Plain))]
    public void Projects_without_nullable_references_are_served(string what, string text)
    {
        Assert.NotEmpty(what);
        var input = Source.Compile(Source.Shop + text.Replace("?>", ">", StringComparison.Ordinal).Replace("string? ", "string ", StringComparison.Ordinal).Replace("JsonNode? ", "JsonNode ", StringComparison.Ordinal).Replace(">? T", "> T", StringComparison.Ordinal));
        var complaints = Source.ComplaintsAsBuilt(input.WithOptions(input.Options.WithNullableContextOptions(NullableContextOptions.Disable)));
        Assert.DoesNotContain(complaints, problem => problem.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.LatestMajor)]
    public void Older_language_is_enough(LanguageVersion version)
    {
        var text = Source.Shop + Order + $$"""[CdcPipeline("p")] public sealed partial class P { {{Orders}} }""";
        Assert.Empty(Source.Complaints(Source.Compile(Source.ParseOptions.WithLanguageVersion(version), text)));
    }

    [Fact]
    public void Assembly_that_promises_to_be_for_every_language_is_not_warned() => Assert.Empty(Source.ComplaintsAsBuilt(Source.Compile(
        Source.Shop.Replace("namespace Shop;", "[assembly: CLSCompliant(true)]\nnamespace Shop;", StringComparison.Ordinal)
        + "public sealed record Order([property: Key] long Id);"
        + """[CdcPipeline("p")] internal sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; } }""")));
}
