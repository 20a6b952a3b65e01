using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Partitions that come, go, or are read beside their root.</summary>
public class PartitionTests(SharedServer shared)
{
    private const string Create =
        "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
        + "CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (100); INSERT INTO item VALUES (1, 'one', 1);";

    private const string Attach = "ALTER TABLE item ATTACH PARTITION high FOR VALUES FROM (100) TO (200)";
    private const string CreateHigh = "CREATE TABLE high (LIKE item INCLUDING ALL)";
    private const string CreateTree = CreateHigh + " PARTITION BY RANGE (id); CREATE TABLE deep PARTITION OF high FOR VALUES FROM (100) TO (200)";

    [Theory, Trait("WayOut", "CDCF4066")]
    [InlineData("Read public.item only", "public.item", null)]
    [InlineData("read each partition with a node of its own and not public.item", "public.low", "public.high")]
    public async Task Root_and_partition_read_by_two_nodes_are_refused_and_each_way_of_the_message_reads_all(string way, string table, string? extra)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{Create} CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (1000000)");
        await using var wrong = Source(database);
        wrong.ExtraTable = "public.low";
        var error = await wrong.StopsTwiceAsync(PostgresSourceErrorCodes.PartitionOfRead);
        Assert.Contains("public.low is a partition of public.item", error.Message, StringComparison.Ordinal);
        Assert.Contains(way, error.Fix, StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync("SELECT FROM pg_publication"));

        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Table = table }) { ExtraTable = extra };
        await source.RunAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1); UPDATE item SET id = 102, version = 2 WHERE id = 1");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4066")]
    public async Task Partition_whose_changes_are_published_as_its_roots_is_refused_and_the_fix_fixes()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{Create} CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root = true)");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = "everything", Table = "public.low" });

        var failed = Assert.Single((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);

        Assert.Equal(PostgresSourceErrorCodes.PartitionOfRead, failed.Code);
        await database.ExecuteAsync(failed.Fix!);
        await source.OpenAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);
        Assert.Equal([1L, 2L], source.Changes.Select(change => change.After!.Id));
    }

    [Theory, Trait("WayOut", "CDCF4067")]
    [InlineData(CreateHigh + "; INSERT INTO high VALUES (101, 'old', 1)", Attach)]
    [InlineData(CreateHigh, "BEGIN; INSERT INTO high VALUES (101, 'old', 1); " + Attach + "; COMMIT")]
    [InlineData(CreateTree + "; INSERT INTO high VALUES (101, 'old', 1)", Attach)]
    [InlineData("", "BEGIN; " + CreateTree + "; INSERT INTO high VALUES (101, 'old', 1); " + Attach + "; COMMIT")]
    public async Task Partition_attached_with_rows_stops_the_source_running_or_stopped_and_is_read_by_the_way_of_the_message(string before, string attach)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{Create} {before}");
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync(attach);

        var running = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));
        Assert.Equal(PostgresSourceErrorCodes.PartitionAttached, running.Code);
        await source.CloseAsync();
        var stopped = await source.StopsTwiceAsync(PostgresSourceErrorCodes.PartitionAttached);
        Assert.Contains("was attached to public.item with rows", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("run --resnapshot public.item", stopped.Fix, StringComparison.Ordinal);
        await source.RunResnapshotAsync("public.item");
        await database.ExecuteAsync("CREATE TABLE rest PARTITION OF item DEFAULT");
        await source.AssertGoesOnAsync(database);
    }

    [Theory]
    [InlineData(100, 10, true)]
    [InlineData(10, 10, false)]
    [InlineData(5, 10, false)]
    [InlineData(2_200_000_000, 10, true)] // frozen, and so far back that the server gives its age as negative
    [InlineData(4_200_000_000, 10, true)]
    [InlineData(10, 3_000_000_000, false)]
    public async Task Row_is_older_than_its_partition_however_long_ago_it_was_written(long rowAgo, long attachedAgo, bool isOlder)
    {
        var database = await shared.CreateAsync();
        var next = long.Parse((await database.QueryAsync("SELECT txid_snapshot_xmax(txid_current_snapshot())"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);

        var seen = await database.QueryAsync($"SELECT {FactCatalog.IsOlder(Xid(rowAgo), Xid(attachedAgo))}");

        Assert.Equal(isOlder ? "t" : "f", seen[0][0]);

        string Xid(long ago) => $"'{unchecked((uint)(next - ago))}'::xid";
    }

    [Theory]
    [InlineData("CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200)")]
    [InlineData(CreateHigh + "; " + Attach)]
    [InlineData("BEGIN; CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200); INSERT INTO item VALUES (101, 'new', 1); COMMIT")]
    public async Task Partition_that_comes_empty_is_followed(string create)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync(create);
        await database.ExecuteAsync("INSERT INTO item VALUES (102, 'new', 1)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 102) && KnowsHigh(source));
        await source.CrashAsync();
        await database.ExecuteAsync("UPDATE item SET version = 2");
        var rows = await Fold.TableAsync(database);
        await source.ReadUntilAsync(() => source.Changes.Count(change => change.Operation == Operation.Update) >= rows.Count);

        Fold.Of(source.Changes).AssertIs(rows);
    }

    [Theory, Trait("WayOut", "CDCF4068")]
    [InlineData("ALTER TABLE item DETACH PARTITION low")]
    [InlineData("DROP TABLE low")]
    public async Task Partition_that_goes_is_said_with_the_command_that_reads_anew(string go)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{Create} CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200)");
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await source.CloseAsync();
        await database.ExecuteAsync(go);
        await source.CrashAsync();
        await source.ReadAsync();
        await source.CrashAsync();

        var line = Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.PartitionGone, StringComparison.Ordinal));
        Assert.Contains("Partition public.low of public.item", line, StringComparison.Ordinal);
        Assert.Contains("run --resnapshot public.item", line, StringComparison.Ordinal);
        await source.CloseAsync();
        await source.RunResnapshotAsync("public.item");
        await database.ExecuteAsync("CREATE TABLE rest PARTITION OF item DEFAULT");
        await source.AssertGoesOnAsync(database);
    }

    [Fact]
    public async Task Partition_that_goes_is_said_of_its_own_table_alone()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{Create} CREATE TABLE other (LIKE item INCLUDING ALL) PARTITION BY RANGE (id); CREATE TABLE other_low PARTITION OF other FOR VALUES FROM (0) TO (100)");
        await using var source = Source(database);
        source.ExtraTable = "public.other";
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("DROP TABLE other_low");

        await source.ReadUntilAsync(() => source.Log.Lines.Exists(line => line.StartsWith(PostgresSourceErrorCodes.PartitionGone, StringComparison.Ordinal)));

        Assert.Contains("Partition public.other_low of public.other", Assert.Single(source.Log.Lines, line => line.StartsWith("CDCF40", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partition_that_is_being_detached_while_a_transaction_still_sees_it_is_said_to_be_gone()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(14, "DETACH PARTITION CONCURRENTLY");
        await database.ExecuteAsync($"{Create} CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200)");
        await using var source = Source(database);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await using var seeing = await database.OpenAsync();
        await using (var look = new NpgsqlCommand("BEGIN; SELECT count(*) FROM item", seeing))
        {
            await look.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        var detaching = database.ExecuteAsync("ALTER TABLE item DETACH PARTITION low CONCURRENTLY");
        while ((await database.QueryAsync("SELECT FROM pg_inherits WHERE inhdetachpending")).Count == 0)
        {
        }

        await source.ReadUntilAsync(() => source.Log.Lines.Exists(line => line.StartsWith(PostgresSourceErrorCodes.PartitionGone, StringComparison.Ordinal)));
        await database.ExecuteAsync("INSERT INTO item VALUES (101, 'new', 1)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 101));
        await seeing.CloseAsync();
        await detaching;
        await source.CrashAsync();
        await source.ReadAsync();

        Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.PartitionGone, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Table_that_others_inherit_from_is_a_warning()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); CREATE TABLE child (extra int) INHERITS (item)");
        await using var source = Source(database);

        var warning = Assert.Single((await CheckAsync(source)).Checks, check => check.Status != PreflightStatus.Passed && check.Name == "partitions public.item");

        Assert.Equal((PreflightStatus.Warning, PostgresSourceErrorCodes.PartitionOfRead), (warning.Status, warning.Code));
        Assert.Contains("public.child inherits from public.item", warning.Sentence, StringComparison.Ordinal);
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database) =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, HeartbeatSeconds = 1 });

    private static bool KnowsHigh(SourceHarness<Item, ItemCodec> source) =>
        source.LastState!.Value.GetProperty("tables")[0].GetProperty("catalogue").GetProperty("partitions").EnumerateObject().Any(partition => partition.Value.GetString()!.EndsWith("high", StringComparison.Ordinal));

    private static async Task<PreflightReport> CheckAsync(SourceHarness<Item, ItemCodec> source)
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(state: null, TestContext.Current.CancellationToken);
    }
}
