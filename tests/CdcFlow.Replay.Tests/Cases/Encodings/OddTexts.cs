namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#376", "Texts beyond ASCII could not be read.")]
[Report("dailydotdev/daily-gateway", "#361", "Characters of four bytes were broken.")]
public sealed class OddTexts : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text);
        INSERT INTO t VALUES (1, '😀 𝒳 ﷽'), (2, E'tab\t, line\nback\\slash \\N ''quote'' double'), (3, ''), (4, NULL);
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (5, E'\\x01\\x1f\\x7f\\u2028\\ufeff\\uffff'), (6, '\\.'), (7, '\\N')",
        "UPDATE t SET value = repeat('é', 100000) WHERE id = 3",
    ];
}
