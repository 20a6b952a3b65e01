using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>The publication that a state was made with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Oid">What the server knows it by; one that is dropped and made again has another.</param>
/// <param name="IsOurs">Whether the pipeline made it, so that it may alter it.</param>
internal sealed record PublicationMark(string Name, uint Oid, bool IsOurs)
{
    private const string StoreBegins = " Its checkpoint store is ";

    /// <summary>The checkpoint store whose the slot is, as the publication's comment says; null where it says none. Not kept in a state.</summary>
    internal StoreId? Store { get; init; }

    /// <summary>The publication's mark now; null when there is none of that name.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="name">The publication's name.</param>
    /// <param name="slot">The slot whose pipeline asks.</param>
    internal static PublicationMark? Read(PostgresConnection connection, string name, string slot) => connection.Query(
        $"""
        SELECT oid, obj_description(oid, 'pg_publication')
        FROM pg_publication WHERE pubname = {SqlText.Literal(name)}
        """).Rows is [{ } row]
        ? new PublicationMark(name, uint.Parse(row[0]!, CultureInfo.InvariantCulture), IsOf(slot, row[1])) { Store = StoreOf(slot, row[1]) }
        : null;

    /// <summary>The SQL that marks a publication as the pipeline's own.</summary>
    /// <param name="name">The publication's name.</param>
    /// <param name="slot">The pipeline's slot.</param>
    /// <param name="store">Whose the slot is; null: nobody's yet.</param>
    internal static string Set(string name, string slot, StoreId? store) =>
        $"COMMENT ON PUBLICATION {SqlText.Identifier(name)} IS {SqlText.Literal(store is null ? Comment(slot) : $"{Comment(slot)}{StoreBegins}{store}.")}";

    /// <summary>Whether a publication's comment says that it is of the slot's pipeline.</summary>
    internal static bool IsOf(string slot, string? comment) => comment == Comment(slot) || StoreOf(slot, comment) is not null;

    /// <summary>The checkpoint store that a publication's comment names.</summary>
    internal static StoreId? StoreOf(string slot, string? comment) =>
        comment is [.., '.'] && comment.StartsWith(Comment(slot) + StoreBegins, StringComparison.Ordinal) ? StoreId.Parse(comment[(Comment(slot) + StoreBegins).Length..^1]) : null;

    private static string Comment(string slot) => $"Made by CdcFlow for slot {slot}, which alters it as its pipeline's tables change.";
}
