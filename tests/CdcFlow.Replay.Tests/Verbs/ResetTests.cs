using CdcFlow.Configuration;
using CdcFlow.Runtime;

namespace CdcFlow.Replay.Tests.Verbs;

/// <summary><c>reset</c> at a real server: what goes, what stays, and that it may die after any step.</summary>
public sealed class ResetTests : Case<Items>
{
    [Fact]
    public async Task Takes_away_slot_publication_markers_and_store_and_no_row()
    {
        await RanAsync();
        var plan = await ResetAsync();
        Assert.Equal(
            [$"replication slot '{Name}'", $"publication '{Name}'", $"marker of 'items' in \"{Name}\".\"cdcflow_checkpoint\"", $"owner's file '{Path.Combine(Stage.Files, ".items.files.owner")}'"],
            Titles(plan, TraceState.Present));
        Assert.True(plan.StoreIsThere);
        Assert.Equal(["journal"], plan.KeepingSinks);
        Assert.Empty(await Stage.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{Name}' UNION ALL SELECT FROM pg_publication"));
        Assert.Empty(Directory.GetFiles(Stage.StoreNamed("checkpoints"), "*.checkpoint"));
        await SameAsync();
        Assert.True((await ResetAsync()).IsEmpty);
        Assert.All((await StandingAsync()).Sinks, sink => Assert.Null(sink.Marker?.Store));

        await SourceAsync("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SinkAsync("DELETE FROM t WHERE id = 1"); // a new snapshot does not tell what was deleted meanwhile
        await SameAsync();
        await JournalAsync(
            """{"op":"r","id":1,"value":"one"}""", """{"op":"r","id":2,"value":"two"}""", """{"op":"r","id":2,"value":"two"}""", """{"op":"r","id":3,"value":"three"}""");
    }

    [Fact]
    public async Task Next_start_that_reads_what_is_lost_empties_the_sink_first_as_the_verb_says()
    {
        await RanAsync();
        await ResetAsync();
        await SourceAsync("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 'three')");
        await RunResnapshotAsync("lost");
        await SameAsync();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task That_died_after_a_step_stops_every_start_and_is_finished_by_another(int removals)
    {
        await RanAsync();
        await Assert.ThrowsAsync<IOException>(() => ResetAsync(removals));
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RefusedTwiceAsync(removals < 3 ? "CDCF4040" : "CDCF3005");
        var finished = await ResetAsync();
        Assert.Equal(removals, Titles(finished, TraceState.Gone).Count(title => !title.StartsWith("unpublished", StringComparison.Ordinal) && !title.StartsWith("rejected", StringComparison.Ordinal)));
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    public async Task Keeps_a_publication_that_the_pipeline_did_not_make_and_names_the_statement()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'); CREATE PUBLICATION mine FOR TABLE t");
        Set("Sources:source:Publication", "mine");
        await RunAsync();
        var kept = Assert.Single((await ResetAsync()).Traces, found => found.Trace.State == TraceState.Kept).Trace;
        Assert.Equal("publication 'mine'", kept.Title);
        Assert.EndsWith("its owner takes it away by DROP PUBLICATION \"mine\";", kept.Detail, StringComparison.Ordinal);
        Assert.Single(await Stage.QueryAsync("SELECT FROM pg_publication WHERE pubname = 'mine'"));
    }

    /// <summary>The sinks keep nothing that would tell whose they are.</summary>
    [Fact]
    public async Task Keeps_the_slot_of_another_store()
    {
        await RanAsync();
        await SinkAsync("TRUNCATE cdcflow_checkpoint");
        Directory.Delete(Stage.Files, recursive: true);
        var plan = await ResetAsync(store: "elsewhere");
        Assert.Equal([$"replication slot '{Name}'", $"publication '{Name}'"], Titles(plan, TraceState.Kept).Take(2));
        Assert.Contains("it belongs to checkpoint store ", plan.Traces[0].Trace.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await Stage.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{Name}' UNION ALL SELECT FROM pg_publication")).Count);
    }

    [Fact]
    public async Task Harms_no_instance_that_runs()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await StartAsync();
        await CaughtUpAsync();
        Assert.Equal("CDCF3001", (await Assert.ThrowsAsync<CdcFlowException>(() => ResetAsync())).Code);
        Assert.Equal("CDCF3030", (await Assert.ThrowsAsync<CdcFlowException>(() => ResetAsync(store: "elsewhere"))).Code);
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await CaughtUpAsync();
        Assert.DoesNotContain("starts again", Log, StringComparison.Ordinal);
        await StopAsync();
    }

    [Fact]
    public async Task Changes_nothing_while_a_server_is_away()
    {
        await RanAsync();
        SetConnection("sink", "Host=127.0.0.1;Port=1;Username=nobody;Database=none;SSL Mode=Disable");
        Assert.Equal("CDCF5001", (await Assert.ThrowsAsync<CdcFlowException>(() => ResetAsync())).Code);
        SetConnection("sink", null);
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SameAsync();
    }

    private async Task RanAsync()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await RunAsync();
    }

    private static IEnumerable<string> Titles(ResetPlan plan, TraceState state) => plan.Traces.Where(found => found.Trace.State == state).Select(found => found.Trace.Title);
}
