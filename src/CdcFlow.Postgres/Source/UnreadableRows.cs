using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source;

/// <summary>What becomes of rows that cannot be read: they stop the source, with their transaction's place; or, up to a place that the operator gives,
/// they are left out, and said.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class UnreadableRows
{
    /// <summary>Rows that are said one by one; the rest is counted.</summary>
    private const int SaidSingly = 20;

    private static readonly HashSet<string> codes =
    [
        PostgresWireErrorCodes.ColumnsDoNotFit, PostgresWireErrorCodes.ValueDoesNotFit, ErrorCodes.NullColumn, ErrorCodes.UnknownEnumLabel,
        PostgresSourceErrorCodes.IdentityChanged, PostgresSourceErrorCodes.KeyChanged,
    ];

    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Lsn to;
    private readonly string connection;
    private readonly IConnectorLog log;

    private UnreadableRows(Lsn to, string connection, IConnectorLog log) => (this.to, this.connection, this.log) = (to, connection, log);

    /// <param name="place">The place, as the server writes it; null: nothing is skipped.</param>
    /// <param name="server">The server.</param>
    /// <param name="connection">The connection's name, for messages.</param>
    /// <param name="log">Where it is said what is skipped.</param>
    /// <exception cref="CdcFlowException">CDCF4071: it is no place in this log.</exception>
    internal static UnreadableRows SkippedUpTo(string? place, ServerState server, string connection, IConnectorLog log)
    {
        if (place is null)
        {
            return new UnreadableRows(default, connection, log);
        }

        if (!Lsn.TryParse(place, out var to))
        {
            throw Refused($"'{place}' is no place in PostgreSQL's log.", "Write it as the server does, as in --skip-to shop=0/16B3748; the error that names the transaction says which.");
        }

        return to <= server.End
            ? new UnreadableRows(to, connection, log)
            : throw Refused($"The server's log ends at {server.End}, before {to}.", "Skip to the place that the error names; nothing beyond the log's end can be skipped.");
    }

    /// <summary>Whether rows of a transaction that cannot be read are skipped.</summary>
    internal bool Covers(BeginMessage transaction) => transaction.CommitLsn < to;

    /// <summary>Whether the row that the error is about is skipped.</summary>
    internal bool IsSkipped(CdcFlowException error, BeginMessage transaction) => Covers(transaction) && codes.Contains(error.Code);

    /// <summary>The error with the transaction and the way past it; null where it is not about a row.</summary>
    internal CdcFlowException? Locate(CdcFlowException error, BeginMessage transaction, TableId? table) => !codes.Contains(error.Code) ? null : new CdcFlowException(
        error.Code,
        $"{error.Happened} It is in transaction {transaction.Xid}, which committed at {transaction.CommitLsn}.",
        error.Code == PostgresSourceErrorCodes.KeyChanged ? error.Fix : $"{error.Fix} To go on without the changes that cannot be read: run --skip-to {connection}={new Lsn(transaction.CommitLsn.Value + 1)}, "
        + $"and for what is missing then{(RowName.IsMissingFrom(error) ? ", once no row of the table has such a value any more," : "")} run --resnapshot {Pasted.Word(table?.ToString() ?? "TABLE")}.",
        error.Domain, error.IsTransient, error);

    /// <summary>The error of a transaction that has fewer events than were delivered of it.</summary>
    internal CdcFlowException Shrunk(BeginMessage transaction, int events, int delivered, Lsn end, IEnumerable<TableId> tables) => new(
        PostgresSourceErrorCodes.State,
        $"Transaction {transaction.CommitLsn} has {events} events now and had at least {delivered} when a part of it was delivered.",
        $"The publication was changed behind the checkpoint. To go on with the rest of the transaction as it is now: run --skip-to {connection}={end}, "
        + $"and for what is missing then run --resnapshot {string.Join(' ', tables.Select(table => Pasted.Word(table.ToString())))}.");

    /// <summary>Skips a row.</summary>
    internal void Skip(TableId table, CdcFlowException why)
    {
        var count = counts[table.ToString()] = counts.GetValueOrDefault(table.ToString()) + 1;
        if (count <= SaidSingly)
        {
            log.Warning(PostgresSourceErrorCodes.Skipped, $"Skipped, because --skip-to says so: {why.Happened}");
        }
    }

    /// <summary>Says what was skipped in all, once the log is past the place.</summary>
    internal void Pass(Lsn delivered)
    {
        if (counts.Count == 0 || delivered < to)
        {
            return;
        }

        log.Warning(
            PostgresSourceErrorCodes.Skipped,
            string.Create(CultureInfo.InvariantCulture, $"The log is past {to}, and {counts.Values.Sum()} changes were skipped ({string.Join(", ", counts.Select(table => $"{table.Value} of {table.Key}"))}). ")
            + $"They are missing downstream until the tables are read anew: run --resnapshot {string.Join(' ', counts.Keys.Select(Pasted.Word))}.");
        counts.Clear();
    }

    private static CdcFlowException Refused(string happened, string fix) => new(PostgresSourceErrorCodes.SkipRefused, happened, fix);
}
