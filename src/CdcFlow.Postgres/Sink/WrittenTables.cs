using System.Globalization;
using CdcFlow.Configuration;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>The tables that each pipeline writes, kept in its marker: of two that write into one table, each would overwrite and remove rows of the other.</summary>
/// <remarks>Known by their numbers, so that a table made anew is another one. Pipelines whose markers are in different schemas do not hear of each other.</remarks>
/// <param name="table">The markers' table, as SQL.</param>
/// <param name="pipeline">The pipeline that asks.</param>
internal sealed class WrittenTables(string table, string pipeline)
{
    /// <summary>The marker's column: for each table's number, whether it is shared, as a JSON object.</summary>
    public const string Column = "tables";

    private const string Named =
        """
        ROWS FROM (pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[]), pg_catalog.unnest($4::text[]), pg_catalog.unnest($5::boolean[])) AS t (sink, schema_name, table_name, shared)
        JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema_name
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.table_name
        """;

    /// <summary>Keeps what the pipeline writes. Its tables must be there.</summary>
    public async ValueTask KeepAsync(SinkSession session, IReadOnlyList<PostgresSinkOptions> sinks, CancellationToken cancellationToken) => await session.ExecuteAsync(
        $"UPDATE {table} SET {Column} = (SELECT pg_catalog.jsonb_object_agg(c.oid, t.shared)::text FROM {Named}) WHERE pipeline = $1",
        cancellationToken, Parameters(sinks));

    /// <summary>Finds the pipelines that write into the same tables and have not said, as this one, that they share them; changes nothing.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, IReadOnlyList<PostgresSinkOptions> sinks, CancellationToken cancellationToken) => await session.QueryAsync(
        $"""
        SELECT t.sink, t.schema_name, t.table_name, m.pipeline, m.committed_at
        FROM {table} m CROSS JOIN LATERAL pg_catalog.jsonb_each_text((pg_catalog.to_jsonb(m) ->> '{Column}')::jsonb) theirs (oid, shared), {Named}
        WHERE c.oid = theirs.oid::oid AND m.pipeline <> $1 AND NOT (t.shared AND theirs.shared::boolean)
        ORDER BY t.sink, m.pipeline
        """,
        Failed, cancellationToken, Parameters(sinks));

    private object[] Parameters(IReadOnlyList<PostgresSinkOptions> sinks) =>
    [
        pipeline,
        sinks.Select(sink => sink.Name).ToArray(),
        sinks.Select(sink => sink.Table.Schema).ToArray(),
        sinks.Select(sink => sink.Table.Name).ToArray(),
        sinks.Select(sink => sink.IsShared).ToArray(),
    ];

    private PreflightCheck Failed(NpgsqlDataReader reader)
    {
        var (sink, written, other) = (reader.GetString(0), SinkSql.Quoted(new TableId(reader.GetString(1), reader.GetString(2))), reader.GetString(3));
        var last = reader.IsDBNull(4) ? "nothing yet" : string.Create(CultureInfo.InvariantCulture, $"last at {reader.GetDateTime(4):u}");
        return new PreflightCheck(
            $"table of {sink}", PreflightStatus.Failed,
            $"Sink '{sink}' would write into {written}, and so does pipeline '{other}' ({last}): each would overwrite and remove rows of the other.",
            PostgresSinkErrors.TableOfOther,
            $"""
            If '{other}' is this pipeline's former name, give it back, [CdcPipeline("{other}")], and it goes on where it was. If '{other}' is to write there no more, reset it by its own program; or, where that is gone: DELETE FROM {table} WHERE pipeline = '{other.Replace("'", "''", StringComparison.Ordinal)}'; TRUNCATE {written}; -- or its rows stay that were deleted at the source since. If both are to write there and their keys are never the same, say so on both: Shared = true, or CdcFlow:{pipeline}:Sinks:{sink}:Shared=true.
            """);
    }
}
