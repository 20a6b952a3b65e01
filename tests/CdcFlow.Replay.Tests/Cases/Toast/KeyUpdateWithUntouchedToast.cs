namespace CdcFlow.Replay.Tests.Cases;

[Report("rocicorp/mono", "#3982", "Updates that lack large values were written as whole rows.")]
[Report("2ndQuadrant/pglogical", "#67", "An update of a row that is not there was ignored, since it may lack values.")]
public sealed class KeyUpdateWithUntouchedToast : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text);
        ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
        INSERT INTO t VALUES (1, repeat('x', 9000));
        """;

    protected override string[] Changes => ["UPDATE t SET id = 2", "UPDATE t SET id = 3; UPDATE t SET id = 4"];
}
