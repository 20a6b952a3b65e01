namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#16882", "Arrays of intervals were left out.")]
public sealed class IntervalArrays : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value interval[]); INSERT INTO t VALUES (1, ARRAY['1 day'::interval, NULL]), (2, '{}');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, ARRAY['-1 mon +2 days'::interval, '00:00:00.5'])"];
}
