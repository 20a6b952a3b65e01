namespace CdcFlow.Rejects;

/// <summary>Counts the changes that the sinks of a connection reject themselves, for metrics, the log and the limit of one checkpoint.</summary>
/// <remarks>Supplied by the runtime; called by the connection, one call at a time.</remarks>
public interface IRejectCount
{
    /// <summary>Counts nothing; for tests.</summary>
    static IRejectCount None { get; } = new Uncounted();

    /// <summary>One more.</summary>
    /// <param name="rejected">The change; its node is the sink's name.</param>
    /// <param name="isKept">Whether it is set aside, rather than skipped.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.TooManyRejects"/>: it is one too many.</exception>
    void Add(RejectedChange rejected, bool isKept);

    /// <summary>One more of a sink that has a limit of its own for them.</summary>
    /// <param name="rejected">The change.</param>
    /// <param name="isKept">Whether it is set aside, rather than skipped.</param>
    void Note(RejectedChange rejected, bool isKept);

    private sealed class Uncounted : IRejectCount
    {
        public void Add(RejectedChange rejected, bool isKept)
        {
        }

        public void Note(RejectedChange rejected, bool isKept)
        {
        }
    }
}
