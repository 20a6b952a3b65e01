using CdcFlow.Hosting.Observation;

namespace CdcFlow.Hosting.Tests;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("Ungewöhnlich, 表 and 🙂", "Ungewöhnlich, 表 and 🙂")]
    [InlineData("orders\n2026-01-01T00:00:00.000Z error all is lost", "orders\n    2026-01-01T00:00:00.000Z error all is lost")]
    [InlineData("a\r\nb\rc", "a\n    b\n    c")]
    [InlineData("\u001b[2Jcleared", "\\u001b[2Jcleared")]
    [InlineData("tab\tnul\0del\u007fc1\u009b", "tab\\u0009nul\\u0000del\\u007fc1\\u009b")]
    [InlineData("abc\u202ecba", "abc\\u202ecba")]
    public void Name_or_answer_cannot_pretend_to_be_a_line_of_the_log_nor_command_a_terminal(string text, string printed) =>
        Assert.Equal(printed, LogText.Printable(text));
}
