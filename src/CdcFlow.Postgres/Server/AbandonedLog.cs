using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>The ways past log that can be read by nobody any more: the server fails to decode it, what it sends is not understood, or a row is too large to be held.
/// The log is not written anew, and the server decodes it with the catalogue of its own time; so the same error comes at every start, whatever is repaired.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
/// <param name="source">The connection's name.</param>
/// <param name="slot">The slot's name.</param>
/// <param name="tables">The tables that are read.</param>
/// <param name="control">Asks where the log ends.</param>
internal sealed class AbandonedLog(string source, string slot, IEnumerable<TableId> tables, ControlSession control)
{
    /// <summary>Whether leaving log out frees the pipeline from this error.</summary>
    internal static bool Frees(CdcFlowException error) => !error.IsTransient && error.Code is
        PostgresWireErrorCodes.Server or PostgresWireErrorCodes.Protocol or PostgresWireErrorCodes.UnsupportedLogMessage or PostgresWireErrorCodes.RowTooLarge;

    /// <summary>The error with its place and the ways past it.</summary>
    /// <param name="error">Why the log cannot be read on.</param>
    /// <param name="delivered">Up to where it was.</param>
    /// <param name="commit">Where the transaction committed that cannot be read; null: not known.</param>
    /// <param name="maySkip">Whether a part of the log may be left out: not while a snapshot needs it.</param>
    internal CdcFlowException AddTo(CdcFlowException error, Lsn delivered, Lsn? commit, bool maySkip) => new(
        error.Code,
        $"{error.Happened} The log could not be read on from {delivered}.",
        (error.Fix is { } fix ? fix + " " : "") + "If this comes again at each start: "
        + (maySkip && Behind(delivered, commit) is { } place
            ? $"leave out all that was committed up to {place}, with sinks as they are: `skip --to {source}={place}`, and for what is missing then `run --resnapshot {string.Join(' ', tables.Select(table => Pasted.Word(table.ToString())))}`. Should it come again even so: "
            : "")
        + $"give up the log that is left, and have the tables read anew, with sinks emptied first. SELECT pg_drop_replication_slot({SqlText.Literal(slot)}); and start once with `run --resnapshot lost`.",
        error.Domain, error.IsTransient, error);

    // The server begins to send behind a place what begins to commit at it or later. Where it does not say which transaction it fails at, that is in the log by now all the same.
    private Lsn? Behind(Lsn delivered, Lsn? commit) => commit is { } known && known >= delivered ? new Lsn(known.Value + 1) : control.FindEnd();
}
