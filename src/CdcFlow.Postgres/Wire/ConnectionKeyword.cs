namespace CdcFlow.Postgres.Wire;

/// <summary>A keyword of a connection string, and what becomes of it.</summary>
/// <param name="Name">As Npgsql spells it.</param>
/// <param name="Only">The one value that is taken, because it says what holds anyway; empty: none is. Null: the keyword is honoured.</param>
/// <param name="Why">Why other values are refused.</param>
internal sealed record ConnectionKeyword(string Name, string? Only, string Why)
{
    /// <summary>Whether the sink honours it although the source refuses it.</summary>
    internal bool IsHonouredBySink { get; init; }

    /// <summary>Why the client refuses the value; null where it does not.</summary>
    internal string? WhyRefused(string? value, ConnectionClient client) =>
        Only is null || (IsHonouredBySink && client == ConnectionClient.Sink) || (Only.Length > 0 && string.Equals(value, Only, StringComparison.OrdinalIgnoreCase))
            ? null
            : Why;
}
