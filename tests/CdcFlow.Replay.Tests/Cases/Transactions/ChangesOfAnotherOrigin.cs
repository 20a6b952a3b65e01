namespace CdcFlow.Replay.Tests.Cases;

[Report("2ndQuadrant/pglogical", "#91", "Changes that had been replicated into the source were not passed on.")]
[Report("2ndQuadrant/pglogical", "#180", "A TRUNCATE that had been replicated into the source was not passed on.")]
public sealed class ChangesOfAnotherOrigin : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');";

    protected override string[] Changes => [Replicated("TRUNCATE t"), Replicated("INSERT INTO t VALUES (2, 'two'), (3, 'three')"), "DELETE FROM t WHERE id = 3", Replicated("UPDATE t SET id = 4")];

    private static string Replicated(string sql) =>
        $"""
        SET session_replication_role = replica;
        SELECT pg_replication_origin_create(current_database()) WHERE NOT EXISTS (SELECT FROM pg_replication_origin WHERE roname = current_database());
        SELECT pg_replication_origin_session_setup(current_database()); BEGIN; SELECT pg_replication_origin_xact_setup('0/100', now()); {sql}; COMMIT; SELECT pg_replication_origin_session_reset(); RESET session_replication_role
        """;
}
