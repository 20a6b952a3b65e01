namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#556", "Whether rows that a foreign key removes or changes are in the log was not known.")]
[Report("Altinity/clickhouse-sink-connector", "#421", "Rows that a cascade removed stayed in the target.")]
public sealed class ChangesMadeByTheServer : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE boss (id bigint PRIMARY KEY);
        CREATE TABLE t (id bigint PRIMARY KEY REFERENCES boss ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, value bigint REFERENCES t (id) ON DELETE SET NULL ON UPDATE CASCADE);
        CREATE FUNCTION shift() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id BETWEEN 900 AND 999 THEN NEW.id := NEW.id + 1000; INSERT INTO boss VALUES (NEW.id) ON CONFLICT DO NOTHING; END IF; RETURN NEW; END';
        CREATE TRIGGER shift BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION shift();
        INSERT INTO boss SELECT generate_series(1, 30); INSERT INTO t SELECT n, CASE WHEN n > 1 THEN n / 2 END FROM generate_series(1, 30) n;
        """;

    protected override string[] Changes =>
    [
        "DELETE FROM boss WHERE id IN (3, 4)",
        "UPDATE boss SET id = id + 100 WHERE id < 3",
        "INSERT INTO t VALUES (900, NULL); UPDATE t SET id = 950 WHERE id = 30",
        "INSERT INTO t VALUES (70, NULL); INSERT INTO boss VALUES (70)",
    ];
}
