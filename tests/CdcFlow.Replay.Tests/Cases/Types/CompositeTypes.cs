namespace CdcFlow.Replay.Tests.Cases;

[Report("sequinstream/sequin", "#2158", "Backfill read columns of a composite type as null.")]
public sealed class CompositeTypes : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE price AS (currency varchar, amount numeric);
        CREATE TABLE t (id bigint PRIMARY KEY, value price);
        INSERT INTO t VALUES (1, ROW('EUR', 42.00)), (2, ROW(NULL, NULL));
        """;

    protected override string[] Changes => ["""INSERT INTO t VALUES (3, ROW('a "quoted", one', 1))""", "UPDATE t SET value.amount = 43 WHERE id = 1"];
}
