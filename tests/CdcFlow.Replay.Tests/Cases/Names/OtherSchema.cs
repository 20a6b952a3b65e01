namespace CdcFlow.Replay.Tests.Cases;

[Report("xataio/pgstream", "#437", "Changes of tables outside of the schema public were left out.")]
public sealed class OtherSchema : CopyCase<OtherSchemaItems>
{
    protected override string Before =>
        """
        CREATE SCHEMA "my schema";
        CREATE TABLE "my schema".t (id bigint PRIMARY KEY, value text);
        CREATE TABLE t (id bigint PRIMARY KEY, value text);
        INSERT INTO "my schema".t VALUES (1, 'one'); INSERT INTO t VALUES (1, 'not me');
        """;

    protected override string[] Changes =>
    [
        """INSERT INTO "my schema".t VALUES (2, 'two'); INSERT INTO t VALUES (2, 'nor me')""",
        "TRUNCATE t",
        """DELETE FROM "my schema".t WHERE id = 1""",
    ];

    protected override string SourceTable =>
        """
        "my schema".t
        """;
}
