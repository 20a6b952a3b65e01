using System.Text;

namespace CdcFlow.Hosting.Commands;

/// <summary>The error stream as bars are drawn on it. They are drawn by a thread that nobody waits for: where the terminal is gone, an exception there would end the process in
/// the middle of its stop in good order. So none leaves here, and who writes lines asks for it.</summary>
/// <param name="inner">The stream.</param>
internal sealed class DrawnWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Why the last write failed; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
            Failure = null;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            Failure = failure;
        }
    }
}
