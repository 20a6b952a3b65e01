namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6232", "Arrays of bytea were not understood.")]
[Report("debezium", "DBZ-605", "Bytes came as null.")]
public sealed class ByteArrays : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value bytea[]); INSERT INTO t VALUES (1, ARRAY['\\x00ff'::bytea, '', NULL]);";

    protected override string[] Changes => ["INSERT INTO t VALUES (2, ARRAY['\\x5c22'::bytea]), (3, NULL)"];
}
