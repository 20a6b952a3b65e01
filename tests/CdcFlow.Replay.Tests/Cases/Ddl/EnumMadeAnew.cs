namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#16880", "After an enum was dropped and made anew, its values could not be read any more.")]
public sealed class EnumMadeAnew : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TABLE t (id bigint PRIMARY KEY, value mood); INSERT INTO t VALUES (1, 'sad');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (2, 'ok')",
        "CREATE TYPE mood_new AS ENUM ('sad', 'ok', 'happy')",
        "ALTER TABLE t ALTER value TYPE mood_new USING value::text::mood_new; ALTER TYPE mood RENAME TO mood_old; ALTER TYPE mood_new RENAME TO mood; DROP TYPE mood_old",
        "INSERT INTO t VALUES (3, 'happy'); UPDATE t SET value = 'happy' WHERE id = 1",
    ];
}
