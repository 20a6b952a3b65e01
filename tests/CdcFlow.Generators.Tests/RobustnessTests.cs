using CdcFlow.Generators.Analyzers;
using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Tests;

/// <summary>Whatever the user is typing, neither the generator nor an analyzer fails.</summary>
public sealed class RobustnessTests
{
    private const string Text = Source.Shop + """
        public enum Lane { Standard, Express }
        public sealed record Order([property: Key] long Id, decimal Total, Lane Lane, [property: Column("note", TypeName = "text")] string? Note);
        public sealed class Doc { [Key] public required long Id { get; init; } public int[] Numbers { get; set; } = []; }

        [CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
        public sealed partial class OrdersPipeline(IFormatProvider format)
        {
            [InMemorySource("shop", Startup = Startup.Latest), InMemorySink("lake", Name = "raw")]
            public partial Changes<Order> Orders { get; }

            [Filter(From = nameof(Orders), OnDrop = OnDrop.Ignore)]
            public static bool IsLarge(Order order) => order is { Total: > 100 };

            [Transform(From = nameof(IsLarge), MaxConcurrency = 4, Ordering = Ordering.PerKey), InMemorySink("lake", Name = "docs")]
            public ValueTask<Doc?> ToDoc(Order order, ChangeMetadata metadata, CancellationToken token) => new(new Doc { Id = format.GetHashCode() });

            [Route(From = nameof(Orders)), InMemorySink("lake", Name = "express", When = Lane.Express), InMemorySink("lake", Name = "standard", When = Lane.Standard)]
            public static Lane ByLane(Order order) => order.Lane;

            [Transform(From = nameof(ByLane), When = Lane.Express, DeleteKey = "Id"), InMemorySink("lake", Name = "copies")]
            public static IEnumerable<Doc> Copies(Order order) => [];
        }
        """;

    /// <summary>One word in eleven, in some seconds.</summary>
    [Fact]
    public Task No_missing_word_makes_the_generator_or_an_analyzer_fail() => AssertSurvivesWithoutWordsAsync(step: 11);

    /// <summary>Every word, in a minute or two: the test program's <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public Task No_missing_word_at_all_makes_the_generator_or_an_analyzer_fail() => AssertSurvivesWithoutWordsAsync(step: 1);

    [Fact]
    public async Task No_unfinished_file_makes_the_generator_or_an_analyzer_fail()
    {
        for (var length = Source.Shop.Length; length < Text.Length; length += 37)
        {
            await AssertSurvivesAsync(Text[..length]);
        }
    }

    [Theory]
    [InlineData("[CdcPipeline(null!)] partial class P;")]
    [InlineData("[CdcPipeline] partial class P { [InMemorySource] partial Changes<> Orders { get; } }")]
    [InlineData("""[CdcPipeline("p")] partial struct P { }""")]
    [InlineData("""[CdcPipeline("p")] partial class P<T> where T : class { [InMemorySource("a"), InMemorySink("b")] partial Changes<T> Orders { get; } }""")]
    [InlineData("""[CdcPipeline("p")] partial class P { [InMemorySource("a"), InMemorySink("b")] partial Changes<string> Orders { get; } }""")]
    [InlineData("""[CdcPipeline("p")] partial class P { [InMemorySource("a"), InMemorySink("b")] partial Changes<P> Orders { get; } [Transform, Discard] static P Same(P p) => p; }""")]
    [InlineData("""[CdcPipeline("p")] partial class P { [Transform(From = nameof(A))] static dynamic A(dynamic row) => row; [Filter(From = "")] static bool B<T>(T row) => true; }""")]
    [InlineData("""[CdcPipeline("p")] partial class P { [Transform(From = null, When = new[] { 1 }, DeleteKey = ",,")] static (int, int) A((int, int) row) => row; [Route] static Enum R(P[] p) => default!; }""")]
    public Task Odd_code_is_survived(string text) => AssertSurvivesAsync(Source.Shop + text);

    private static async Task AssertSurvivesWithoutWordsAsync(int step)
    {
        var whole = CSharpSyntaxTree.ParseText(Text, Source.ParseOptions, cancellationToken: TestContext.Current.CancellationToken);
        var words = whole.GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(word => word.SpanStart > Source.Shop.Length && word.Span.Length > 0).ToList();
        Assert.Empty(Source.Complaints(Source.Compile(Text)));
        for (var index = 0; index < words.Count; index += step)
        {
            await AssertSurvivesAsync(Text.Remove(words[index].SpanStart, words[index].Span.Length));
        }
    }

    private static async Task AssertSurvivesAsync(string text)
    {
        var (output, result) = Source.Generate(Source.Compile(text));
        Assert.Null(result.Results[0].Exception);
        Assert.DoesNotContain(result.Diagnostics, problem => problem.Id == "CDCF099");
        var analyzed = output.WithAnalyzers([new PipelineAnalyzer(), new StateAnalyzer()]);
        Assert.DoesNotContain(await analyzed.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken), problem => problem.Id == "AD0001");
    }
}
