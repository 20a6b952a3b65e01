using System.Globalization;

namespace LargeRows;

/// <summary>This process's memory as the kernel counts it, in megabytes of 1,000,000 bytes.</summary>
internal static class ProcessMemory
{
    /// <summary>The most it has held so far.</summary>
    internal static long PeakMegabytes => Read("VmHWM:");

    /// <summary>What it holds now.</summary>
    internal static long Megabytes => Read("VmRSS:");

    private static long Read(string field) =>
        long.Parse(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..^2],
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024 / 1_000_000;
}
