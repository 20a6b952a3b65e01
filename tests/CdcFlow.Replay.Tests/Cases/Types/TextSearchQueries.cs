namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#7911", "Text search queries came as null in the stream.")]
public sealed class TextSearchQueries : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value tsquery); INSERT INTO t VALUES (1, 'fat & (rat | !cat:*)');";

    protected override string[] Changes =>
    [
        """INSERT INTO t VALUES (2, phraseto_tsquery('simple', 'it''s a "test"'))""",
        "UPDATE t SET value = !!value WHERE id = 1",
    ];
}
