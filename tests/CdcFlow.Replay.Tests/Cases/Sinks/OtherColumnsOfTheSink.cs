namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#138", "A target table of one's own making has other columns too, in another order, and computes some.")]
public sealed class OtherColumnsOfTheSink : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text, loaded int DEFAULT 7, twice text GENERATED ALWAYS AS (value || value) STORED); INSERT INTO t VALUES (1, 'one'), (2, 'two');";

    protected override string SinkTable =>
        """
        CREATE TABLE t (gone int, loaded int DEFAULT 7, value varchar(20), twice text GENERATED ALWAYS AS (value || value) STORED, id bigint, PRIMARY KEY (id) INCLUDE (value));
        ALTER TABLE t DROP COLUMN gone; ALTER TABLE t ADD CHECK (loaded = 7);
        CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.loaded := 7; RETURN NEW; END'; CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION shout();
        """;

    protected override string[] Changes => ["UPDATE t SET value = 'uno' WHERE id = 1", "UPDATE t SET id = 20 WHERE id = 2", "INSERT INTO t VALUES (3, 'three')"];
}
