namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>When changes are processed: one reading of the clock serves a transaction's changes, but no more of them than are encoded within about
/// a millisecond.</summary>
internal sealed class ProcessingTime(TimeProvider clock)
{
    private const int ChangesPerReading = 1024;

    private int changesLeft;

    /// <summary>Ticks of 100 ns since 1970, as read last.</summary>
    public long UnixTicks { get; private set; }

    /// <summary>Goes on to the next change.</summary>
    /// <param name="isOtherTransaction">Whether it is of another transaction than the one before it.</param>
    /// <returns>Whether the clock was read for it.</returns>
    public bool Advance(bool isOtherTransaction)
    {
        if (changesLeft-- > 0 && !isOtherTransaction)
        {
            return false;
        }

        UnixTicks = clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        changesLeft = ChangesPerReading - 1;
        return true;
    }
}
