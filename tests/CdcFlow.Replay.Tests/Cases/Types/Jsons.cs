namespace CdcFlow.Replay.Tests.Cases;

[Report("datazip-inc/olake", "#230", "JSON had one form in the snapshot and another in the stream.")]
public sealed class Jsons : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value json);
        INSERT INTO t VALUES (1, '{ "b" : 1.0, "a":[1e400, null] ,"b":2}'), (2, 'null'), (3, '"\ud83d\ude00"');
        """;

    protected override string[] Changes => ["""INSERT INTO t VALUES (4, '{"n":12345678901234567890.10}'), (5, NULL)"""];
}
