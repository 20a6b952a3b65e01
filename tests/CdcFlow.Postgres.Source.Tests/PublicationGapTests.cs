using CdcFlow.Postgres.Server;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What a publication left out for a while is not in the log: a lost position, and never silence. And one that others use is left alone.</summary>
public class PublicationGapTests(SharedServer shared)
{
    private const string Create =
        "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1); CREATE TABLE other (id bigint PRIMARY KEY)";

    public static TheoryData<string, string> Narrowings => new()
    {
        { "ALTER PUBLICATION {0} SET TABLE other", "ALTER PUBLICATION {0} SET TABLE item" },
        { "ALTER PUBLICATION {0} SET (publish = 'update')", "ALTER PUBLICATION {0} SET (publish = 'insert, update, delete, truncate')" },
        { "ALTER PUBLICATION {0} SET TABLE item WHERE (id < 2)", "ALTER PUBLICATION {0} SET TABLE item" },
        { "ALTER PUBLICATION {0} SET TABLE item (id, version)", "ALTER PUBLICATION {0} SET TABLE item" },
        { "DROP PUBLICATION {0}", "CREATE PUBLICATION {0} FOR TABLE item" },
        { "ALTER PUBLICATION {0} SET TABLE other", "SELECT" },
        { "DROP PUBLICATION {0}", "SELECT" },
    };

    [Theory, MemberData(nameof(Narrowings))]
    public async Task Publication_that_was_narrower_for_a_while_stops_and_the_message_s_way_out_reads_anew(string narrow, string widen)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "a row filter or a column list");
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, narrow, database.Name));
        await database.ExecuteAsync("INSERT INTO item VALUES (5, 'unseen', 1)");
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, widen, database.Name));

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(source.LastState));
        Assert.Equal((PostgresSourceErrorCodes.PublicationGap, true), (error.Code, error.IsPositionLost));
        Assert.Contains("--resnapshot lost", error.Fix, StringComparison.Ordinal);
        await source.CloseAsync();

        source.Resnapshot = new ResnapshotRequest("1", [], Lost: true);
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        source.Resnapshot = null;
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
    }

    [Fact]
    public async Task Publication_that_is_altered_and_widened_again_is_noticed_while_the_source_runs()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await source.OpenAsync(source.LastState);
        await database.ExecuteAsync($"ALTER PUBLICATION {database.Name} SET (publish = 'insert'); ALTER PUBLICATION {database.Name} SET (publish = 'insert, update, delete, truncate')");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);

        Assert.Equal(PostgresSourceErrorCodes.PublicationGap, error.Code);
    }

    [Fact]
    public async Task Publication_that_the_user_named_is_never_altered()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create + "; CREATE PUBLICATION shared FOR TABLE other");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = "shared" });

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());
        Assert.Equal(PostgresSourceErrorCodes.Publication, error.Code);
        Assert.Equal(["other"], await TablesAsync(database));

        await database.ExecuteAsync(error.Fix!);
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Equal(["item", "other"], await TablesAsync(database));
    }

    [Fact]
    public async Task Tables_that_come_to_a_shared_publication_or_leave_it_are_no_gap_for_others()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create + "; CREATE PUBLICATION shared FOR TABLE item, other");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = "shared" });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.ExecuteAsync("CREATE TABLE more (id bigint PRIMARY KEY); ALTER PUBLICATION shared ADD TABLE more; ALTER PUBLICATION shared DROP TABLE other; INSERT INTO item VALUES (2, 'two', 1)");

        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Theory]
    [InlineData("CREATE ROLE {0}_other; ALTER PUBLICATION {0} OWNER TO {0}_other", true)]
    [InlineData("CREATE ROLE {0}_old SUPERUSER; ALTER PUBLICATION {0} OWNER TO {0}_old; REASSIGN OWNED BY {0}_old TO CURRENT_USER; ALTER PUBLICATION {0} OWNER TO {0}_old", true)]
    [InlineData("ALTER PUBLICATION {0} ADD TABLES IN SCHEMA public", false)]
    public async Task Alteration_that_leaves_nothing_out_is_no_gap_at_the_start_or_while_the_source_runs(string alter, bool isSaid)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "schemas in publications");
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, alter, database.Name));
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        await source.OpenAsync(source.LastState);
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);
        Assert.Equal(isSaid ? 1 : 0, Said(source));
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        await source.OpenAsync(source.LastState);
        Assert.Equal(isSaid ? 1 : 0, Said(source));

        await database.ExecuteAsync($"ALTER PUBLICATION {database.Name} OWNER TO pg_database_owner");
        for (var id = 3; Said(source) == (isSaid ? 1 : 0); id++)
        {
            await database.ExecuteAsync($"INSERT INTO item VALUES ({id}, 'more', 1)");
            Assert.True(await source.ReadAsync());
        }
    }

    [Fact]
    public async Task Publication_that_is_renamed_is_the_same_under_its_new_name()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var before = await FinishedAsync(database);
        await database.ExecuteAsync($"ALTER PUBLICATION {database.Name} RENAME TO renamed");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = "renamed" });

        await source.OpenAsync(before.LastState, Boundedness.UntilCaughtUp);

        Assert.Equal(1, Said(source));
    }

    [Fact]
    public async Task Pipeline_s_own_alteration_is_no_gap_where_no_checkpoint_came_after_it()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(18, "publications of generated columns");
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("ALTER TABLE item ADD twice bigint GENERATED ALWAYS AS (id * 2) STORED");
        await source.OpenAsync(source.LastState);
        await source.CloseAsync();
        Assert.Equal("s", (await database.QueryAsync("SELECT pubgencols FROM pg_publication"))[0][0]);
        await database.SlotIsFreeAsync(database.Name);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");

        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Publication_that_is_narrower_while_the_pipeline_alters_it_is_noticed()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create + "; CREATE TABLE more (LIKE item INCLUDING ALL)");
        await using var source = await FinishedAsync(database);
        await using var other = await database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var holding = other.CreateCommand())
        {
            holding.CommandText = "LOCK TABLE more IN SHARE UPDATE EXCLUSIVE MODE";
            await holding.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        source.ExtraTable = "more";
        var opening = source.OpenAsync(source.LastState);
        while (!opening.IsCompleted && (await database.QueryAsync("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).Count == 0)
        {
        }

        await database.ExecuteAsync($"ALTER PUBLICATION {database.Name} SET (publish = 'insert'); ALTER PUBLICATION {database.Name} SET (publish = 'insert, update, delete, truncate')");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await opening;

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);

        Assert.Equal(PostgresSourceErrorCodes.PublicationGap, error.Code);
    }

    [Theory]
    [InlineData("5/1", "5/1/9", false)]
    [InlineData("5/1", "5/2/9", true)]
    [InlineData("5/1", "", true)]
    [InlineData("5/1/8", "5/1/9", true)]
    public void Proof_of_an_earlier_build_that_does_not_say_since_when_a_table_is_in_its_schema_is_taken(string schema, string now, bool isGap) =>
        Assert.Equal(isGap, PublicationProof.Compare($"7/t|3|10/aa/t/n||{schema}", $"7/t|3|10/aa/t/n||{now}") == ProofChange.Gap);

    private static int Said(SourceHarness<Item, ItemCodec> source) =>
        source.Log.Lines.Count(line => line.StartsWith(PostgresSourceErrorCodes.PublicationGap, StringComparison.Ordinal));

    private static async Task<IEnumerable<string?>> TablesAsync(TestDatabase database) =>
        (await database.QueryAsync("SELECT tablename FROM pg_publication_tables WHERE pubname = 'shared' ORDER BY 1")).Select(row => row[0]);

    private static async Task<SourceHarness<Item, ItemCodec>> FinishedAsync(TestDatabase database)
    {
        var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, HeartbeatSeconds = 1 });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        return source;
    }
}
