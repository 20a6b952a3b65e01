namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2173", "A chunked snapshot did not quote names of tables.")]
[Report("apache/flink-cdc", "#2375", "Column names with capitals were not quoted in the snapshot.")]
public sealed class NamesThatNeedQuotes : CopyCase<OddNames>
{
    protected override string Table =>
        """"
        "Odd.1#2/3 ""T"""
        """";

    protected override string Before =>
        """"
        CREATE TABLE "Odd.1#2/3 ""T""" ("Id" bigint PRIMARY KEY, "Select.""Va lue" text); INSERT INTO "Odd.1#2/3 ""T""" VALUES (1, 'one');
        """";

    protected override string[] Changes =>
    [
        """"
        INSERT INTO "Odd.1#2/3 ""T""" VALUES (2, 'two')
        """",
        """"
        UPDATE "Odd.1#2/3 ""T""" SET "Id" = 3 WHERE "Id" = 1
        """",
    ];
}
