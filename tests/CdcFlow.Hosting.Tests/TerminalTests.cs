using System.Text;
using CdcFlow.Hosting.Commands;

namespace CdcFlow.Hosting.Tests;

public sealed class TerminalTests
{
    [Fact]
    [Trait("WayOut", "CDCF1013")]
    public void Log_says_how_many_lines_could_not_be_written_as_soon_as_one_can()
    {
        using var disk = new FullDisk();
        using var results = new StringWriter();
        var terminal = new Terminal(results, disk, Console: null);
        terminal.WriteLine("one");
        disk.IsFull = true;
        terminal.WriteLine("two");
        terminal.WriteLine("three");
        disk.IsFull = false;
        terminal.WriteLine("four");

        Assert.Equal(["one", "CDCF1013: 2 lines of the log could not be written before this one.", "four"], disk.Lines);
        Assert.Empty(results.ToString());
    }

    [Fact]
    public void Neither_stream_needs_to_be_writable()
    {
        using var closed = new ClosedWriter();
        var terminal = new Terminal(closed, closed, Console: null);
        terminal.WriteLine("one");
        terminal.TryWriteError("two");
    }

    private sealed class FullDisk : StringWriter
    {
        public bool IsFull { get; set; }

        public string[] Lines => ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.WriteLine(value);
        }
    }
}
