namespace CdcFlow.Replay.Tests.Cases;

[Report("2ndQuadrant/pglogical", "#207", "A TRUNCATE under session_replication_role = replica was not passed on.")]
public sealed class TruncateAsReplica : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');";

    protected override string[] Changes => ["SET LOCAL session_replication_role = 'replica'; TRUNCATE t; INSERT INTO t VALUES (2, 'two')"];
}
