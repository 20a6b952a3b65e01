namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1413", "Columns of domains were not understood.")]
[Report("powersync-ja/powersync-service", "#428", "A domain had one form in the snapshot and another in the stream.")]
[Report("yugabyte/yb-voyager", "#3711", "A domain over hstore was not read like hstore.")]
public sealed class Domains : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE DOMAIN short AS varchar(10) CHECK (value <> 'bad');
        CREATE DOMAIN shorter AS short DEFAULT 'none';
        CREATE TABLE t (id bigint PRIMARY KEY, value shorter[]);
        INSERT INTO t VALUES (1, '{a,"b c"}'), (2, NULL);
        """;

    protected override string[] Changes => ["""INSERT INTO t VALUES (3, '{NULL,""}')""", "UPDATE t SET value = '{c}' WHERE id = 2"];
}
