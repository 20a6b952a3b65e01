using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Looks at the catalogue now and then for what the log does not tell: other tables, another publication, rows that came or went beside the log.</summary>
/// <remarks>Touched by the log's reader only. Whatever it misses, the next start finds in the checkpoint.</remarks>
/// <param name="tables">What the run reads.</param>
/// <param name="start">From where it began.</param>
/// <param name="connection">The log reader's own.</param>
/// <param name="options">The options; one look per <see cref="PostgresSourceOptions.Heartbeat"/>.</param>
/// <param name="waits">Looks after the queries: somebody may hold a lock on the catalogue.</param>
/// <param name="log">Where what is found is reported.</param>
/// <param name="time">The clock.</param>
internal sealed class CatalogWatch(
    IReadOnlyCollection<SourceTable> tables, PostgresSourceState start, PostgresConnection connection, PostgresSourceOptions options, WaitWatch waits,
    IConnectorLog log, TimeProvider time)
{
    private const string Doing = "Looking for what the log does not tell";

    private readonly FactLook facts = new(tables, connection, options, log);
    private readonly IdentityLook identities = new(
        [.. tables.Select(table => table.Definition)], start.Tables.ToDictionary(table => table.Table, table => table.Published), connection, options, log);

    private long lastLook = time.GetTimestamp();

    /// <summary>Looks, before the run begins, at what happened to rows while nobody read. Identities were compared by the opening itself.</summary>
    /// <exception cref="CdcFlowException">CDCF4067: a partition was attached with rows.</exception>
    internal void Begin() => waits.Watch(connection, Doing, facts.Look);

    /// <summary>Looks, if the last look was a heartbeat ago.</summary>
    /// <returns>Whether a table's facts are other than they were, so that the state is.</returns>
    /// <exception cref="CdcFlowException">CDCF4053, CDCF4055, CDCF4067: what is read from the log lacks something from here on.</exception>
    internal bool LookIfDue()
    {
        if (time.GetElapsedTime(lastLook) < options.Heartbeat)
        {
            return false;
        }

        lastLook = time.GetTimestamp();
        return waits.Watch(connection, Doing, () =>
        {
            identities.Look();
            return facts.Look();
        });
    }
}
