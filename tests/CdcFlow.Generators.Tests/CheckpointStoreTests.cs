using CdcFlow.Generators.Analyzers;
using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Tests;

/// <summary>CDCF042: which settings files say where checkpoints are kept.</summary>
public sealed class CheckpointStoreTests
{
    [Theory]
    [InlineData("""{ "ConnectionStrings": { "shop": "x" } }""")]
    [InlineData("""{ "CdcFlow": { "others": { "Checkpoint": { "Store": "x" } } } }""")]
    [InlineData("not json")]
    public async Task Settings_without_a_store_are_reported(string settings) =>
        Assert.Equal("CDCF042", Assert.Single(await AnalyzeAsync("appsettings.json", settings)).Id);

    [Theory]
    [InlineData("appsettings.json", """{ "CdcFlow": { "orders": { "Checkpoint": { "Store": "/var/lib/cdcflow" } } } }""")]
    [InlineData("appsettings.Production.json", """{ /* here */ "cdcflow": { "ORDERS": { "checkpoint": { "store": "x", }, }, }, }""")]
    [InlineData("appsettings.json", """{ "CdcFlow:orders:Checkpoint:Store": "x" }""")]
    [InlineData("other.json", "{}")]
    public async Task Settings_with_a_store_and_other_files_are_not(string name, string settings) => Assert.Empty(await AnalyzeAsync(name, settings));

    [Fact]
    public async Task At_least_once_needs_none() => Assert.Empty(await AnalyzeAsync("appsettings.json", "{}", ", Delivery = Delivery.AtLeastOnce"));

    [Fact]
    public void Keys_are_paths_to_values() =>
        Assert.Equal(["a:b", "a:c", "a:c", "d"], SettingsKeys.Of("""{ "a": { "b": "}\"", "c": [1, { }, "2"] }, // x""" + "\n" + """ "d": null }"""));

    private static Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(string name, string settings, string delivery = "") => Source.AnalyzeAsync(
        Source.Compile(Source.Shop + $$"""
            public sealed record Order([property: Key] long Id);

            [CdcPipeline("orders"{{delivery}})]
            public sealed partial class OrdersPipeline
            {
                [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }
            }
            """), new ProjectFile(name, settings));
}
