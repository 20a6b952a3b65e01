namespace CdcFlow.Replay.Tests.Cases;

[Report("powersync-ja/powersync-service", "#428", "Arrays of boxes, whose elements a semicolon parts, were cut at the commas.")]
public sealed class Boxes : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value box[]); INSERT INTO t VALUES (1, ARRAY['(1,2),(3,4)'::box, '(0,0),(0.1,1e9)'::box]);";

    protected override string[] Changes => ["INSERT INTO t VALUES (2, ARRAY[NULL, '(5,6),(7,8)'::box]), (3, '{}')"];
}
