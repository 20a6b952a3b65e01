namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2525", "An enum type without labels anywhere in the database ended the connector at its start.")]
[Report("airbytehq/airbyte", "#85295", "An enum type without labels made every sync of the database fail.")]
public sealed class EnumWithoutLabels : CopyCase<Items>
{
    protected override string Before => "CREATE TYPE nothing AS ENUM (); CREATE TABLE t (id bigint PRIMARY KEY, value nothing); INSERT INTO t VALUES (1, NULL);";

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (2, NULL)",
        "ALTER TYPE nothing ADD VALUE 'something'",
        "INSERT INTO t VALUES (3, 'something')",
    ];
}
