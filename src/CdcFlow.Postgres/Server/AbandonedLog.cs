using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>The way past log that can be read by nobody any more: the server fails to decode it, what it sends is not understood, or a row is too large to be held.
/// The log is not written anew, and the server decodes it with the catalogue of its own time; so the same error comes at every start, whatever is repaired.</summary>
internal static class AbandonedLog
{
    /// <summary>Whether giving up the log frees the pipeline from this error.</summary>
    internal static bool Frees(CdcFlowException error) => !error.IsTransient && error.Code is
        PostgresWireErrorCodes.Server or PostgresWireErrorCodes.Protocol or PostgresWireErrorCodes.UnsupportedLogMessage or PostgresWireErrorCodes.RowTooLarge;

    /// <summary>The error with its place and the way past it.</summary>
    internal static CdcFlowException AddTo(CdcFlowException error, string slot, Lsn delivered) => new(
        error.Code,
        $"{error.Happened} The log could not be read on from {delivered}.",
        (error.Fix is { } fix ? fix + " " : "") + "If this comes again at each start: give up the log that is left, and have the tables read anew, with sinks emptied first. "
        + $"SELECT pg_drop_replication_slot({SqlText.Literal(slot)}); and start once with `run --resnapshot lost`.",
        error.Domain, error.IsTransient, error);
}
