using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>The publication that a state was made with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Oid">What the server knows it by; one that is dropped and made again has another.</param>
/// <param name="IsOurs">Whether the pipeline made it, so that it may alter it.</param>
internal sealed record PublicationMark(string Name, uint Oid, bool IsOurs)
{
    /// <summary>The publication's mark now; null when there is none of that name.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="name">The publication's name.</param>
    /// <param name="slot">The slot whose pipeline asks.</param>
    internal static PublicationMark? Read(PostgresConnection connection, string name, string slot) => connection.Query(
        $"""
        SELECT oid, obj_description(oid, 'pg_publication')
        FROM pg_publication WHERE pubname = {SqlText.Literal(name)}
        """).Rows is [{ } row]
        ? new PublicationMark(name, uint.Parse(row[0]!, CultureInfo.InvariantCulture), IsOf(slot, row[1]))
        : null;

    /// <summary>The SQL that marks a publication as the pipeline's own.</summary>
    internal static string Set(string name, string slot) => $"COMMENT ON PUBLICATION {SqlText.Identifier(name)} IS {SqlText.Literal(Comment(slot))}";

    /// <summary>Whether a publication's comment says that it is of the slot's pipeline.</summary>
    internal static bool IsOf(string slot, string? comment) => comment == Comment(slot);

    private static string Comment(string slot) => $"Made by CdcFlow for slot {slot}, which alters it as its pipeline's tables change.";
}
