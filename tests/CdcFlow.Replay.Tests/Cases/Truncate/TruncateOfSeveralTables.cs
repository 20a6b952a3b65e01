namespace CdcFlow.Replay.Tests.Cases;

[Report("supabase/etl", "#99", "A TRUNCATE ended the pipeline, at every start again.")]
[Report("2ndQuadrant/bdr", "#48", "A TRUNCATE that cascades or names several tables emptied none downstream.")]
public sealed class TruncateOfSeveralTables : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE child (t bigint REFERENCES t);
        INSERT INTO t VALUES (1, 'one'), (2, 'two'); INSERT INTO child VALUES (1);
        """;

    protected override string[] Changes =>
    [
        "TRUNCATE t CASCADE",
        "INSERT INTO t VALUES (1, 'again')",
        "BEGIN; INSERT INTO t VALUES (5, 'gone'); TRUNCATE t, child RESTART IDENTITY; INSERT INTO t VALUES (6, 'stays'); COMMIT",
    ];
}
