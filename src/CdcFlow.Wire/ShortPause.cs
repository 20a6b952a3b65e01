using System.Runtime.InteropServices;

namespace CdcFlow.Wire;

/// <summary>A fifth of a millisecond; <see cref="Thread.Sleep(TimeSpan)"/> can do no less than a whole one.</summary>
/// <remarks>A unix socket holds about 280 messages of the walsender, whatever their size. In a whole millisecond a fast server fills that and
/// waits for us: catching up took 1.6 times as long. Measured on one machine; 0.1 ms did as well there, 0.05 and 0.4 ms did worse.</remarks>
internal static partial class ShortPause
{
    private const uint Microseconds = 200;

    internal static void Wait()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            // An interrupted pause is a shorter one, and that is all that it was meant to be.
            _ = Sleep(Microseconds);
        }
        else
        {
            Thread.Sleep(1);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
