using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>What can be set stands in the reference: each setting that is read, and each option of a command line, has its row.</summary>
public sealed partial class OptionTests
{
    [Theory]
    [InlineData("src/CdcFlow.Hosting/Configuration", "configuration.md")]
    [InlineData("src/CdcFlow.Postgres/Server", "postgres-source.md")]
    [InlineData("src/CdcFlow.Postgres/Sink", "postgres-sink.md")]
    [InlineData("src/CdcFlow.Files/Sink", "file-sink.md")]
    [InlineData("src/CdcFlow.Files/Console", "console-sink.md")]
    [InlineData("src/CdcFlow.Kafka/Sink", "kafka-sink.md", "record-formats.md", "schema-registry.md")]
    public void Every_setting_that_is_read_has_a_row(string folder, params string[] pages)
    {
        var read = Repository.Files("*.cs", folder).SelectMany(file => Setting().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.NotEmpty(read);
        Assert.Empty(read.Except(Shown(pages)));
    }

    [Theory]
    [InlineData("src/CdcFlow.Hosting", "cli.md")]
    [InlineData("src/CdcFlow.Tool", "tool.md")]
    public void Every_option_of_a_command_line_has_a_row(string folder, string page)
    {
        var options = Repository.Files("*.cs", folder).SelectMany(file => Option().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.NotEmpty(options);
        Assert.Empty(options.Except(Shown([page])));
    }

    /// <summary>Every word of code in the tables of these pages; an option with its two dashes.</summary>
    private static IEnumerable<string> Shown(string[] pages) =>
        from page in pages
        from line in Repository.Read($"docs/reference/{page}").Split('\n')
        where line.StartsWith('|')
        from Match code in Code().Matches(line)
        from Match word in Word().Matches(code.Value)
        select word.Value;

    [GeneratedRegex("""\.Get(?:String|Int32|Int64|Boolean|TimeSpan|Enum)\((?:"|nameof\((?:\w+\.)?)(?<name>\w+)""")]
    private static partial Regex Setting();

    [GeneratedRegex("""new(?: Option<[^(]*>)?\("(?<name>--[a-z-]+)""")]
    private static partial Regex Option();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex("--[a-z-]+|[A-Za-z0-9]+")]
    private static partial Regex Word();
}
