namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#1560", "Reading a numeric NaN failed.")]
[Report("eulerto/wal2json", "#265", "A numeric NaN came as null.")]
[Report("estuary/connectors", "#1763", "A numeric NaN broke with a driver upgrade.")]
public sealed class NumericNaN : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric(12,2))";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric(12,2)); INSERT INTO t VALUES (1, 'NaN'), (2, 1.50);";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, 'NaN'), (4, NULL)", "UPDATE t SET value = 'NaN' WHERE id = 2"];
}
