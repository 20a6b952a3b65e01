using CdcFlow.Configuration;
using CdcFlow.Files.Console;
using CdcFlow.Files.Sink;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>Which settings decide what is in the files: a pipeline that starts with others is told that what was written before is out of date.</summary>
public sealed class ContentTests
{
    private static readonly string[] howItWorks = ["Name", "When", "Shared", "OnError", "RollBytes", "RollIntervalSeconds", "Permissions", "OnLostFile"];

    [Fact]
    public void Each_setting_decides_it_or_only_how_the_sink_works() => Assert.Equal(
        typeof(FileSinkAttribute).GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name).Order(StringComparer.Ordinal),
        Content(ConnectorSettings.None).Keys.Concat(howItWorks).Order(StringComparer.Ordinal));

    [Fact]
    public void Is_what_is_in_force()
    {
        var settings = new ConnectorSettings("", property => property == "Folder" ? "elsewhere" : null, []);
        Assert.Equal("elsewhere", Content(settings)["Folder"]);
        Assert.Equal("orders", Content(ConnectorSettings.None)["Folder"]);
        Assert.Equal("Csv", Content(ConnectorSettings.None)["Format"]);
    }

    [Fact]
    public async Task What_is_printed_is_kept_nowhere()
    {
        await using var printed = new ConsoleSinkConnection("orders", Stream.Null);
        Assert.Null(printed.ContentOf("console"));
    }

    private static IReadOnlyDictionary<string, string> Content(ConnectorSettings settings) =>
        FileSinkOptions.Resolve(new FileSinkAttribute("lake") { Format = FileFormat.Csv }, "orders", Path.GetTempPath(), settings).Content;
}
