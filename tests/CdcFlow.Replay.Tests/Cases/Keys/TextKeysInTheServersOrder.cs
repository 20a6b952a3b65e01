namespace CdcFlow.Replay.Tests.Cases;

[Report("estuary/connectors", "#924", "Text keys that the database orders by a locale were compared by bytes.")]
[Report("risingwavelabs/risingwave", "#26444", "The order of keys was assumed to be the same on both systems.")]
public sealed class TextKeysInTheServersOrder : CopyCase<TextItems>
{
    protected override int Since => 15;

    protected override string DatabaseOptions => "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C.UTF-8'";

    protected override string Before =>
        """
        CREATE TABLE t (id text PRIMARY KEY, value text);
        INSERT INTO t SELECT chr(65 + n % 26 + (n % 2) * 32) || n, n FROM generate_series(1, 2000) n;
        INSERT INTO t VALUES ('_', 'low'), ('é', 'e'), ('Z', 'z');
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = value || '!' WHERE id < 'k'",
        "DELETE FROM t WHERE id > 'Y'",
        "INSERT INTO t VALUES ('zz', 'last'), ('ä', 'umlaut'), ('-', 'dash')",
    ];
}
