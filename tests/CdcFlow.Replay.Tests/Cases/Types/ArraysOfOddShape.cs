namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2418", "Arrays came as flat lists that begin at one, or not at all.")]
public sealed class ArraysOfOddShape : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text[]);
        INSERT INTO t VALUES (1, '[0:2]={a,b,c}'), (2, '{{a,b},{c,NULL}}'), (3, '[-2:-1][5:6]={{x,y},{"NULL",""}}'), (4, '{}'), (5, ARRAY['{', '}', ',', '"', '\', ' ', E'\n', 'null']);
        """;

    protected override string[] Changes => ["INSERT INTO t SELECT id + 10, value FROM t", "UPDATE t SET value[7] = 'far' WHERE id = 4", "UPDATE t SET value[-5] = 'before' WHERE id = 11"];

    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value text[])";
}
