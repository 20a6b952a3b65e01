using System.Text;

namespace CdcFlow.Hosting.Commands;

/// <summary>Stands in for a stream that was closed before the process began (<c>&gt;&amp;-</c>): every write fails, as on one that is closed later.</summary>
internal sealed class ClosedWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public static TextWriter Or(Func<TextWriter> open)
    {
        try
        {
            return open();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new ClosedWriter();
        }
    }

    public override void Write(char value) => throw new IOException("The output is closed.");
}
