using System.Diagnostics;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>Who holds a lease, for the message to whoever is turned away.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="ProcessStarted">When it started, by its machine's clock.</param>
public sealed record LeaseHolder(string Machine, int ProcessId, DateTimeOffset ProcessStarted)
{
    /// <summary>This process.</summary>
    public static LeaseHolder Current()
    {
        using var process = Process.GetCurrentProcess();
        return new LeaseHolder(Environment.MachineName, process.Id, new DateTimeOffset(process.StartTime.ToUniversalTime()));
    }
}
