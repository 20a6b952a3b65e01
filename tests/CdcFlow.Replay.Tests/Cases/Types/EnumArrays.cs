namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1969", "Arrays of enums came as null or bytes.")]
public sealed class EnumArrays : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE mood AS ENUM ('sad', 'so so', 'very "happy"');
        CREATE TABLE t (id bigint PRIMARY KEY, value mood[]);
        INSERT INTO t VALUES (1, '{sad,so so}'), (2, '{}');
        """;

    protected override string[] Changes =>
    [
        """INSERT INTO t VALUES (3, ARRAY['very "happy"', NULL]::mood[]), (4, NULL)""",
        "UPDATE t SET value = '{{sad},{so so}}' WHERE id = 1",
    ];
}
