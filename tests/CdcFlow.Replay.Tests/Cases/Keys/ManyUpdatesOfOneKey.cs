namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#1081", "Several upserts of one key in a batch cannot be one statement.")]
public sealed class ManyUpdatesOfOneKey : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, '0');";

    protected override string[] Changes =>
    [
        "DO $$ BEGIN FOR i IN 1..500 LOOP UPDATE t SET value = i WHERE id = 1; END LOOP; END $$",
        "UPDATE t SET id = 2; UPDATE t SET value = 'x'; UPDATE t SET id = 1; UPDATE t SET value = value || 'y'",
    ];
}
