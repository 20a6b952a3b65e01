namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Definitions that change values without a change in the log: said, with the command that heals it.</summary>
public class ChangedValuesTests(SharedServer shared)
{
    private const string Create = "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE item (id bigint PRIMARY KEY, name mood, version int NOT NULL, other int); INSERT INTO item VALUES (1, 'glad', 1);";

    [Theory, Trait("WayOut", "CDCF4069")]
    [InlineData("ALTER TABLE item ALTER version TYPE int USING version * 1000", "all rows of public.item were rewritten when version")]
    [InlineData("ALTER TABLE item ALTER version TYPE bigint USING version * 1000", "all rows of public.item were rewritten when version")]
    [InlineData("ALTER TABLE item DROP name; ALTER TABLE item ADD name text DEFAULT 'new'", "column 'name' was added to public.item with a value for the rows that were there")]
    [InlineData("ALTER TABLE item DROP name; ALTER TABLE item ADD name text DEFAULT random()::text", "column 'name' was added to public.item with a value for the rows that were there")]
    [InlineData("ALTER TYPE mood RENAME VALUE 'glad' TO 'happy'", "label 'glad' of an enum that public.item has is 'happy' now")]
    [InlineData("ALTER TABLE item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (id)", null)] // of DEFAULT the log tells
    [InlineData("REINDEX TABLE CONCURRENTLY item", null)]
    [InlineData("ALTER TABLE item ALTER other TYPE bigint USING other * 1000", null)] // nobody reads it
    [InlineData("ALTER TABLE item ADD more int DEFAULT 7", null)]
    [InlineData("ALTER TABLE item SET UNLOGGED; INSERT INTO item VALUES (2, 'sad', 1); ALTER TABLE item SET LOGGED; GRANT SELECT ON item TO public", "rows of public.item were copied to another file")]
    [InlineData("ALTER TABLE item SET UNLOGGED; ALTER TABLE item SET LOGGED; ALTER TABLE item ADD more int", "rows of public.item were copied to another file")]
    [InlineData("ALTER TABLE item SET UNLOGGED; ALTER TABLE item ALTER other SET STATISTICS 100; ALTER TABLE item SET LOGGED", "rows of public.item were copied to another file")]
    [InlineData("TRUNCATE item; INSERT INTO item VALUES (1, 'glad', 1); GRANT SELECT ON item TO public", null)]
    [InlineData("VACUUM FULL item", null)]
    [InlineData("ALTER TABLE item ALTER version SET STATISTICS 100", null)]
    [InlineData("ALTER TYPE mood ADD VALUE 'calm'", null)]
    public async Task Said_while_running_and_after_a_stop_and_once(string alter, string? said)
    {
        foreach (var isRunning in (bool[])[true, false])
        {
            var database = await shared.CreateAsync();
            await database.ExecuteAsync(Create);
            if (alter.Contains("UNLOGGED", StringComparison.Ordinal))
            {
                // A table that a publication lists cannot be unlogged.
                await database.ExecuteAsync($"CREATE PUBLICATION {database.Name} FOR ALL TABLES WITH (publish_via_partition_root = true)");
            }

            await using var source = new SourceHarness<Item, ItemCodec>(
                database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, HeartbeatSeconds = 1 });
            await source.OpenAsync();
            await source.ReadUntilAsync(() => source.HasWholeSnapshot);
            if (!isRunning)
            {
                await source.CloseAsync();
            }

            foreach (var statement in alter.Split("; "))
            {
                await database.ExecuteAsync(statement);
            }

            if (isRunning && said is not null)
            {
                var before = source.LastState!.Value.GetProperty("tables")[0].GetProperty("catalogue").GetRawText();
                await source.ReadUntilAsync(() => source.LastState!.Value.GetProperty("tables")[0].GetProperty("catalogue").GetRawText() != before);
            }

            await source.CrashAsync();
            await source.ReadAsync();
            await source.CrashAsync();

            var lines = source.Log.Lines.Where(line => line.StartsWith(PostgresSourceErrorCodes.ValuesChanged, StringComparison.Ordinal)).ToList();
            Assert.Equal(said is null ? 0 : 1, lines.Count);
            Assert.All(lines, line => Assert.Contains(said!, line, StringComparison.Ordinal));
            Assert.All(lines, line => Assert.Contains("run --resnapshot public.item", line, StringComparison.Ordinal));
            await source.CloseAsync();
            if (said is not null)
            {
                await source.RunResnapshotAsync("public.item");
                Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
            }
        }
    }
}
