namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#13967", "Default values of columns ended the sync.")]
[Report("debezium", "DBZ-5384", "A default of CURRENT_TIMESTAMP could not be parsed.")]
[Report("debezium", "DBZ-5038", "A default of an enum could not be parsed.")]
public sealed class ColumnDefaults : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE mood AS ENUM ('ok', 'sad');
        CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''f''::text';
        CREATE TABLE t (id bigserial PRIMARY KEY, value text DEFAULT f() || current_user, d date DEFAULT 'infinity', n numeric DEFAULT 'NaN', m mood DEFAULT 'sad', a mood[] DEFAULT '{ok}', ts timestamptz DEFAULT CURRENT_TIMESTAMP, b bytea DEFAULT '\x00');
        INSERT INTO t DEFAULT VALUES;
        """;

    protected override string[] Changes => ["INSERT INTO t DEFAULT VALUES", "ALTER TABLE t ALTER value SET DEFAULT 'x'; INSERT INTO t DEFAULT VALUES"];
}
