using System.Globalization;

namespace CdcFlow.Benchmarks.Measure;

/// <summary>The most memory this process has held, from the kernel.</summary>
internal static class PeakMemory
{
    internal static int Megabytes =>
        int.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..^3], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) / 1024;
}
