using System.Globalization;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source;

/// <summary>Why the log since a checkpoint does not tell all that happened to a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Code">What kind of gap it is.</param>
/// <param name="Happened">One clause.</param>
internal sealed record TableGap(TableId Table, string Code, string Happened)
{
    internal const string Fix =
        "To read the tables anew, with sinks emptied first, start once with `run --resnapshot lost`, or set Startup = Startup.WhenNeeded; or start with a new checkpoint folder and empty sinks.";

    /// <summary>The gaps of all tables, by what the checkpoint knew and what the server says. Pure.</summary>
    /// <param name="state">The checkpoint's.</param>
    /// <param name="definitions">The tables now.</param>
    /// <param name="proofs">By what they are published now, before anything is altered.</param>
    internal static IReadOnlyList<TableGap> Of(
        PostgresSourceState state, IReadOnlyList<PostgresTable> definitions, IReadOnlyDictionary<TableId, string> proofs) =>
        [.. definitions.Select(definition => Of(state, definition, proofs.GetValueOrDefault(definition.Id))).OfType<TableGap>()];

    /// <summary>What stops a run that may not read the tables anew.</summary>
    internal static CdcFlowException Stop(IReadOnlyList<TableGap> gaps) => new(
        gaps[0].Code, string.Join(" ", gaps.Select(gap => $"{gap.Happened}.")),
        (gaps.Any(gap => gap.Code == PostgresSourceErrorCodes.OtherTable) ? "If the table that was read bears another name now, give it its own back, and the pipeline goes on where it was. " : "") + Fix)
    { IsPositionLost = true };

    /// <summary>Another table has the name.</summary>
    internal static TableGap Replaced(TableId table, string known, uint now) => new(
        table, PostgresSourceErrorCodes.OtherTable,
        string.Create(CultureInfo.InvariantCulture, $"Table {table} is another table (OID {now}) than the one that was read (OID {known}): it was dropped and made again, or renamed and replaced"));

    /// <summary>The publication may have left changes of the table out.</summary>
    internal static TableGap Unpublished(TableId table, string publication, bool isPublished) => new(
        table, PostgresSourceErrorCodes.PublicationGap,
        isPublished
            ? $"Since publication '{publication}' last published table {table} to this pipeline, it was altered, or the table left a schema that it publishes, and changes may have been left out"
            : $"Publication '{publication}' does not publish table {table} any more, and leaves its changes out");

    private static TableGap? Of(PostgresSourceState state, PostgresTable now, string? proof)
    {
        if (state.Tables.FirstOrDefault(table => table.Table == now.Id) is not { } known)
        {
            return null;
        }

        var identity = state.Schemas.GetValueOrDefault(now.Id)?.Identity;
        return identity is not null && identity != now.Oid.ToString(CultureInfo.InvariantCulture) ? Replaced(now.Id, identity, now.Oid)
            : known.Published is { } before && PublicationProof.Compare(before, proof) == ProofChange.Gap ? Unpublished(now.Id, state.Publication!.Name, proof is not null)
            : null;
    }
}
