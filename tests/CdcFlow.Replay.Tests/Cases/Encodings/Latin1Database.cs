namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-676", "Only databases in UTF-8 were read.")]
[Report("debezium", "DBZ-1532", "Texts of the stream were decoded by the reader's own character set.")]
public sealed class Latin1Database : CopyCase<Items>
{
    protected override string DatabaseOptions => "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'Zürich'), (2, '½ ÿ');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, 'naïve')", "UPDATE t SET value = value || ' é'"];
}
