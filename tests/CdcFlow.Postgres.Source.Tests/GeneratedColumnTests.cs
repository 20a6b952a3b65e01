using CdcFlow.Configuration;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Generated columns: what the log has of them, and that publishing a table never makes the application's statements fail.</summary>
public class GeneratedColumnTests(SharedServer shared)
{
    private const string Create = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint GENERATED ALWAYS AS (id * 2) STORED);";
    private const int Publishes = 18;

    [Theory]
    [InlineData("")]
    [InlineData("ALTER TABLE item REPLICA IDENTITY FULL;")]
    public async Task Column_that_no_publication_has_is_not_carried_and_neither_null_nor_unchanged(string identity)
    {
        var database = await shared.CreateAsync();
        var isCarried = await MajorAsync(database) >= Publishes;
        await database.ExecuteAsync($"{Create} {identity} INSERT INTO item VALUES (1, 'one')");
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count >= 1);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two')");
        await database.ExecuteAsync("UPDATE item SET name = 'uno' WHERE id = 1; DELETE FROM item WHERE id = 2");
        await source.ReadUntilAsync(() => source.Changes.Count >= 4);

        Assert.Equal((Operation.SnapshotRead, 2L, null), (source.Changes[0].Operation, source.Changes[0].After!.Version, source.Changes[0].Missing));
        foreach (var (change, version) in source.Changes.Skip(1).Take(2).Zip([4L, 2L]))
        {
            Assert.Equal(isCarried ? version : 0, change.After!.Version);
            Assert.Equal(isCarried, change.IsAvailable(nameof(Item.Version)));
            Assert.Equal(!isCarried, change.Missing is { HasUnchanged: false } missing && missing.IsNotCarried(2));
        }
    }

    [Theory]
    [InlineData("CREATE PUBLICATION {0} FOR TABLE item")]
    [InlineData("CREATE TABLE other (id int PRIMARY KEY); CREATE PUBLICATION {0} FOR TABLE other")]
    public async Task Publication_that_has_no_generated_columns_is_told_to_before_it_gets_a_table_whose_identity_has_some(string publication)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(Publishes, "publications of generated columns");
        await database.ExecuteAsync(
            $"{Create} ALTER TABLE item REPLICA IDENTITY FULL; INSERT INTO item VALUES (1, 'one'); {publication.Replace("{0}", database.Name, StringComparison.Ordinal)}");
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count >= 1);

        await database.ExecuteAsync("UPDATE item SET name = 'uno'; DELETE FROM item");

        await source.ReadUntilAsync(() => source.Changes.Count >= 3);
        Assert.Equal((2L, 2L), (source.Changes[1].After!.Version, source.Changes[2].Before!.Version));
    }

    [Fact]
    public async Task Publication_of_somebody_else_is_refused_with_the_statement_that_makes_it_whole()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(Publishes, "publications of generated columns");
        var role = $"reader_{database.Name}";
        await database.ExecuteAsync(
            $"{Create} ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION {database.Name} FOR TABLE item; "
            + $"CREATE ROLE {role} LOGIN REPLICATION; GRANT SELECT ON item TO {role}");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name });

        var failed = Assert.Single((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);

        Assert.Equal(PostgresSourceErrorCodes.Publication, failed.Code);
        await database.ExecuteAsync(failed.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);
        await database.ExecuteAsync("INSERT INTO item VALUES (1, 'one'); UPDATE item SET name = 'uno'; DELETE FROM item");
    }

    [Theory]
    [InlineData("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint GENERATED ALWAYS AS (id * 2) VIRTUAL); ALTER TABLE item REPLICA IDENTITY FULL")]
    [InlineData("CREATE TABLE item (id bigint, name text, version bigint GENERATED ALWAYS AS (id * 2) VIRTUAL); ALTER TABLE item REPLICA IDENTITY FULL")]
    [InlineData(
        "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint GENERATED ALWAYS AS (id * 2) VIRTUAL) PARTITION BY RANGE (id); "
        + "CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (9); ALTER TABLE low REPLICA IDENTITY FULL")]
    public async Task Virtual_column_in_a_whole_old_row_is_refused_before_anything_is_published(string create)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(Publishes, "virtual columns");
        await database.ExecuteAsync($"{create}; INSERT INTO item VALUES (1, 'one')");
        await using var source = Source(database);

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());

        Assert.Equal(PostgresSourceErrorCodes.ReplicaIdentity, error.Code);
        Assert.Empty(await database.QueryAsync("SELECT FROM pg_publication"));
        await database.ExecuteAsync("UPDATE item SET name = 'uno'");
        if (error.Fix!.Contains("DEFAULT", StringComparison.Ordinal))
        {
            await database.ExecuteAsync(error.Fix);
            await source.OpenAsync();
            await database.ExecuteAsync("UPDATE item SET name = 'eins'; DELETE FROM item");
        }
    }

    [Fact]
    public async Task Generated_key_is_read_where_the_log_has_it_and_refused_elsewhere()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (half bigint, id bigint GENERATED ALWAYS AS (half * 2) STORED PRIMARY KEY, name text, version bigint NOT NULL)");
        await using var source = Source(database);
        if (await MajorAsync(database) < Publishes)
        {
            var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());
            Assert.Equal(PostgresSourceErrorCodes.Column, error.Code);
            return;
        }

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("INSERT INTO item VALUES (1, DEFAULT, 'one', 1); UPDATE item SET half = 2; DELETE FROM item");
        await source.ReadUntilAsync(() => source.Changes.Count >= 4);
        Assert.Equal([2L, 2L, 4L, 4L], source.Changes.Select(change => change.Row.Id));
    }

    [Fact]
    public async Task Unlogged_partition_is_refused_and_the_fix_fixes()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
            + "CREATE UNLOGGED TABLE low PARTITION OF item FOR VALUES FROM (0) TO (9)");
        await using var source = Source(database);

        var failed = Assert.Single((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);

        Assert.Equal(PostgresSourceErrorCodes.UnknownTable, failed.Code);
        await database.ExecuteAsync(failed.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);
    }

    [Theory]
    [InlineData("Initial", PreflightStatus.Warning)]
    [InlineData("SnapshotOnly", PreflightStatus.Passed)]
    public async Task Column_that_is_not_carried_is_no_matter_where_no_change_comes(string startup, PreflightStatus status)
    {
        var database = await shared.CreateAsync();
        if (await MajorAsync(database) >= Publishes)
        {
            return;
        }

        await database.ExecuteAsync(Create);
        await using var source = Source(database);
        source.Configuration["Startup"] = startup;

        var check = Assert.Single((await CheckAsync(source)).Checks, check => check.Name.StartsWith("columns", StringComparison.Ordinal));

        Assert.Equal((status, startup == "Initial"), (check.Status, check.NotCarriedAt is not null));
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database) =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });

    private static async Task<int> MajorAsync(TestDatabase database) =>
        int.Parse((await database.QueryAsync("SHOW server_version_num"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture) / 10_000;

    private static async Task<PreflightReport> CheckAsync(SourceHarness<Item, ItemCodec> source)
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(state: null, TestContext.Current.CancellationToken);
    }
}
