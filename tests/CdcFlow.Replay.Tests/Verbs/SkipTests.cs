using CdcFlow.Checkpointing.Protocol;

namespace CdcFlow.Replay.Tests.Verbs;

/// <summary><c>skip</c> at a real server: a part of the log is left out, by a checkpoint of its own, and nothing else is.</summary>
public sealed class SkipTests : Case<Items>
{
    /// <summary>Where the server sends the transaction while it is in progress, its error does not know where it commits, and names the log's end.</summary>
    [Theory, Trait("WayOut", "CDCF4019")]
    [InlineData("1GB")]
    [InlineData("64kB")]
    public async Task Row_that_no_process_can_hold_is_left_out_by_what_its_error_says_and_the_rest_goes_on(string memory)
    {
        await SourceAsync($"ALTER DATABASE {Name} SET logical_decoding_work_mem = '{memory}'");
        await RanAsync();
        Set("Sources:source:RowBytesMax", "1048576");
        await SourceAsync("INSERT INTO t VALUES (2, 'in time'); UPDATE t SET value = 'changed' WHERE id = 1");
        await SourceAsync("INSERT INTO t SELECT 3, string_agg(md5(g::text), '') FROM generate_series(1, 70000) g");
        var said = memory == "1GB" ? "" : await RefusedTwiceAsync("CDCF4019");
        await SourceAsync("DELETE FROM t WHERE id = 3; INSERT INTO t VALUES (4, 'after')");
        said = memory == "1GB" ? await RefusedTwiceAsync("CDCF4019", " and for what is missing then `run --resnapshot public.t`. ") : said;
        var place = said.Split("`skip --to source=")[1].Split('`')[0];

        var report = await SkipAsync(place);
        Assert.Equal(place, report.Skip.To);
        var standing = await StandingAsync();
        Assert.Equal(report.Checkpoint, standing.Store.Newest!.Checkpoint);
        Assert.Equal(place, standing.Sources["source"].Position);
        Assert.Contains(KeyValuePair.Create("skipped", $"{report.Skip.From} to {place}"), standing.Sources["source"].Details);
        Assert.All(standing.Sinks, sink => Assert.Equal(MarkerStanding.InStep, sink.Standing));

        await RunAsync();
        await SinkAsync("INSERT INTO t VALUES (2, 'in time'); UPDATE t SET value = 'changed' WHERE id = 1"); // what the advice says is missing is
        await SameAsync();
        await SinkAsync("DELETE FROM t WHERE id = 2; UPDATE t SET value = 'one'");
        await JournalAsync("""{"op":"r","id":1,"value":"one"}""", """{"op":"d","id":3}""", """{"op":"c","id":4,"value":"after"}""");
        await RunResnapshotAsync("public.t");
        await SameAsync();
        Assert.Contains((await StandingAsync()).Sources["source"].Details, detail => detail.Key == "skipped");
    }

    [Theory, Trait("WayOut", "CDCF4040"), Trait("WayOut", "CDCF4042")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_that_is_gone_is_left_out_and_the_rest_is_read_from_the_slot_that_is_there(bool isMadeAnew)
    {
        await RanAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'gone')");
        await SourceAsync(isMadeAnew ? $"SELECT pg_drop_replication_slot('{Name}')" : $"SELECT pg_replication_slot_advance('{Name}', pg_current_wal_lsn())");
        if (isMadeAnew)
        {
            await RefusedTwiceAsync("CDCF4040");
            await SourceAsync($"SELECT pg_create_logical_replication_slot('{Name}', 'pgoutput')");
        }

        await SourceAsync("INSERT INTO t VALUES (3, 'there')");
        var said = await RefusedTwiceAsync("CDCF4042", " Or leave out what is gone, keep what is downstream, and say yourself which tables are read anew: `skip --to source=");
        await SkipAsync(said.Split("`skip --to source=")[1].Split('`')[0]);
        await RunAsync();
        await SinkAsync("INSERT INTO t VALUES (2, 'gone')");
        await SameAsync();
        await SinkAsync("DELETE FROM t WHERE id = 2");
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }

    [Fact, Trait("WayOut", "CDCF4071")]
    public async Task Place_that_is_none_or_would_be_going_back_is_refused_and_nothing_is_changed()
    {
        Assert.Equal("CDCF2060", (await Assert.ThrowsAsync<CdcFlowException>(() => SkipAsync("0/1"))).Code);
        await RanAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        var end = await EndAsync();
        var before = await StandingAsync();
        foreach (var place in new[] { "0/1", "nowhere", "FFFFFFF/0", before.Sources["source"].Position! })
        {
            Assert.Equal("CDCF4071", (await Assert.ThrowsAsync<CdcFlowException>(() => SkipAsync(place))).Code);
            Assert.Equal("CDCF4071", (await Assert.ThrowsAsync<CdcFlowException>(() => SkipAsync(place))).Code);
        }

        Assert.Equal(before.Store.Newest!.Checkpoint, (await StandingAsync()).Store.Newest!.Checkpoint);
        await SkipAsync(end); // "To leave out all that there is, name the end."
        await RunFromAsync(before.Store.Newest!.Checkpoint.ToString()); // until a start has gone on from it, it can be taken back
        await SameAsync();

        await SourceAsync("INSERT INTO t VALUES (4, 'four')");
        end = await EndAsync();
        await SkipAsync(end);
        Assert.Equal("CDCF4071", (await Assert.ThrowsAsync<CdcFlowException>(() => SkipAsync(end))).Code);
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SinkAsync("INSERT INTO t VALUES (4, 'four')");
        await SameAsync();
    }

    [Fact]
    public async Task Instance_that_runs_is_not_disturbed()
    {
        await RanAsync();
        await StartAsync();
        Assert.Equal("CDCF3001", (await Assert.ThrowsAsync<CdcFlowException>(async () => await SkipAsync(await EndAsync()))).Code);
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await CaughtUpAsync();
        Assert.DoesNotContain("starts again", Log, StringComparison.Ordinal);
        await StopAsync();
    }

    [Fact]
    public async Task Other_store_skips_nothing()
    {
        await RanAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        var end = await EndAsync();
        Assert.Equal("CDCF3030", (await Assert.ThrowsAsync<CdcFlowException>(() => SkipAsync(end, "elsewhere"))).Code);
        await RunAsync();
        await SameAsync();
    }

    private async Task RanAsync()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await RunAsync();
    }

    private async Task<string> EndAsync() => (await Stage.QueryAsync("SELECT pg_current_wal_lsn()"))[0][0]!;
}
