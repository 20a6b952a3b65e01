using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source;

/// <summary>Leaves out what was committed up to a place in the log. Pure.</summary>
/// <remarks>The log is delivered by transactions in the order of their commits, and a state says up to which place they are delivered. So any place is between two of them: none is
/// cut in two, except one of which a part was delivered already.</remarks>
internal static class StateSkip
{
    /// <summary>How many skips a state remembers, the newest last.</summary>
    private const int RememberedMax = 20;

    /// <summary>Finds the state.</summary>
    /// <param name="state">The checkpoint's.</param>
    /// <param name="place">The place, as the server writes it.</param>
    /// <param name="server">The server, which has what the checkpoint has read.</param>
    /// <exception cref="CdcFlowException">CDCF4071: there is nothing to be left out up to there.</exception>
    internal static PostgresSourceState To(PostgresSourceState state, string place, ServerState server)
    {
        if (!Lsn.TryParse(place, out var to))
        {
            throw Refused($"'{place}' is no place in PostgreSQL's log.", "Write it as the server does, as in `skip --to shop=0/16B3748`.");
        }

        if (to > server.End)
        {
            throw Refused($"The server's log ends at {server.End}, before {to}.", "Nothing beyond the log's end can be left out. To leave out all that there is, name the end.");
        }

        var delivered = state.Begun?.CommitLsn ?? state.ResumeAt;
        return to > delivered ? Skipped(state, to, server) : throw Refused(
            $"The checkpoint is at {delivered}, and {to} is not behind that.", $"Skipping never goes back. Name a place behind that, up to the log's end, {server.End}.");
    }

    // From here on places are of the server's timeline.
    private static PostgresSourceState Skipped(PostgresSourceState state, Lsn to, ServerState server) => state with
    {
        Identity = state.Identity with { Timeline = server.Timeline },
        ResumeAt = to,
        Inside = null,
        LastCommitEnd = null,
        Skipped = [.. state.Skipped.Append(new SkippedLog(state.ResumeAt, to)).TakeLast(RememberedMax)],
    };

    private static CdcFlowException Refused(string happened, string fix) => new(PostgresSourceErrorCodes.SkipRefused, happened, fix);
}

/// <summary>A part of the log that was left out by its user's order.</summary>
/// <param name="From">What was delivered before.</param>
/// <param name="To">From where on it is delivered again.</param>
internal readonly record struct SkippedLog(Lsn From, Lsn To);
