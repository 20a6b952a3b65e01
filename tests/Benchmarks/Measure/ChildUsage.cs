using System.Runtime.InteropServices;

namespace CdcFlow.Benchmarks.Measure;

/// <summary>CPU time of all ended child processes, from getrusage(2).</summary>
internal static partial class ChildUsage
{
    private const int Children = -1;

    internal static TimeSpan Cpu
    {
        get
        {
            Span<long> usage = stackalloc long[18];
            if (GetResourceUsage(Children, ref usage[0]) != 0)
            {
                throw new InvalidOperationException("getrusage failed.");
            }

            // struct rusage begins with two timevals: user and system time, each in seconds and microseconds.
            return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetResourceUsage(int who, ref long usage);
}
