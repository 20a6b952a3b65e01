using System.Globalization;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Which server this is, and how far its log reaches.</summary>
/// <param name="SystemIdentifier">Made by initdb; the same on all standbys.</param>
/// <param name="Timeline">Changes at a promotion.</param>
/// <param name="Database">The database.</param>
/// <param name="End">The end of its log.</param>
internal sealed record ServerState(string SystemIdentifier, uint Timeline, string Database, Lsn End)
{
    /// <summary>What came before its timeline; read where a state is of another one.</summary>
    internal TimelineHistory History { get; init; } = TimelineHistory.None;

    internal static ServerState Read(PostgresConnection connection)
    {
        // The timeline of the running server stands in the name of the log file it writes; the control file's is the last checkpoint's.
        var row = connection.Query(
            """
            SELECT (SELECT system_identifier FROM pg_control_system()), pg_walfile_name(pg_current_wal_insert_lsn()),
                   current_database(), pg_current_wal_insert_lsn()
            """).Rows[0];
        return new ServerState(
            row[0]!, uint.Parse(row[1].AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), row[2]!, Lsn.Parse(row[3]!));
    }
}
