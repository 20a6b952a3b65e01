using System.Globalization;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;

namespace CdcFlow.Replay.Tests.Verbs;

/// <summary><c>status</c> at a real server: before the first start, beside an instance, after it, and while servers are away.</summary>
public sealed class StatusTests : Case<Items>
{
    private const string Unreachable = "Host=127.0.0.1;Port=1;Username=nobody;Password=secret-word;Database=none;SSL Mode=Disable";

    [Fact]
    public async Task Tells_how_the_pipeline_stands_and_changes_nothing()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT g, 'first' FROM generate_series(1, 9) g;");
        var before = await StandingAsync();
        Assert.True(before.IsWhole);
        Assert.Null(before.Sources["source"].Position);
        Assert.False(before.Sources["source"].IsRead);
        Assert.Contains(KeyValuePair.Create("slot", $"{Name} (there is none)"), before.Sources["source"].Details);
        Assert.All(before.Sinks, sink => Assert.Equal(MarkerStanding.Absent, sink.Standing));
        Assert.Empty(await Stage.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{Name}' UNION ALL SELECT FROM pg_publication"));
        Assert.False(Directory.Exists(Stage.StoreNamed("checkpoints")));

        await StartAsync();
        await CaughtUpAsync();
        var beside = await StandingAsync();
        Assert.Equal(LeaseHold.Held, beside.Store.Lease!.Hold);
        Assert.True(beside.Sources["source"].IsRead);
        Assert.Contains(beside.Sources["source"].Details, detail => detail is { Key: "wal_status", Value: "reserved" });
        Assert.Contains(beside.Sources["source"].Details, detail => detail.Key == "active_pid");
        await SourceAsync("INSERT INTO t VALUES (10, 'later')");
        await CaughtUpAsync();
        await StopAsync();

        await SourceAsync("INSERT INTO t VALUES (11, 'not read yet')");
        var files = Directory.GetFiles(Stage.StoreNamed("checkpoints")).Order(StringComparer.Ordinal).ToList();
        var slot = await SlotAsync();
        var after = await StandingAsync();
        Assert.True(after.IsWhole);
        Assert.Equal(LeaseHold.Free, after.Store.Lease!.Hold);
        Assert.Equal(after.Store.Newest!.Checkpoint, after.Sinks.Single(sink => sink.Connection == "sink").Marker!.Checkpoint);
        Assert.All(after.Sinks, sink => Assert.Equal((MarkerStanding.InStep, 0L), (sink.Standing!.Value, sink.Rejects!.Value)));
        var source = after.Sources["source"];
        Assert.Equal([("public.t", true)], source.Tables.Select(table => (table.Table.ToString(), table.IsComplete)));
        Assert.Equal(slot[0], source.Confirmed);
        Assert.InRange(source.LagBytes!.Value, 1, long.MaxValue); // other cases write to the server's log too; how much it is, is compared below
        Assert.InRange(source.RetainedBytes!.Value, source.LagBytes.Value, long.MaxValue);
        Assert.Equal(long.Parse((await Stage.QueryAsync($"SELECT pg_wal_lsn_diff('{source.Head}', '{source.Position}')::bigint"))[0][0]!, CultureInfo.InvariantCulture), source.LagBytes);
        Assert.Contains(after.Start, check => check is { Name: "recovery", Status: PreflightStatus.Passed } && check.Sentence.Contains($"from checkpoint {after.Store.Newest.Checkpoint}", StringComparison.Ordinal));
        Assert.Equal(files, Directory.GetFiles(Stage.StoreNamed("checkpoints")).Order(StringComparer.Ordinal));
        Assert.Equal(slot, await SlotAsync());
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    public async Task Tells_what_it_can_while_a_server_is_away()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        var known = await StandingAsync();

        SetConnection("source", Unreachable);
        var withoutSource = await StandingAsync();
        Assert.False(withoutSource.IsWhole);
        Assert.Equal("CDCF4001", withoutSource.Sources["source"].Failure!.Code);
        Assert.Equal((known.Sources["source"].Position, null), (withoutSource.Sources["source"].Position, withoutSource.Sources["source"].Head));
        Assert.Single(withoutSource.Sources["source"].Tables);
        Assert.All(withoutSource.Sinks, sink => Assert.Equal(MarkerStanding.InStep, sink.Standing));
        Assert.NotEmpty(withoutSource.Start);

        SetConnection("source", null);
        SetConnection("sink", Unreachable);
        var withoutSink = await StandingAsync();
        Assert.False(withoutSink.IsWhole);
        var sink = withoutSink.Sinks.Single(sink => sink.Connection == "sink");
        Assert.Equal("CDCF5001", sink.Failure!.Code);
        Assert.DoesNotContain("secret-word", sink.Failure.ToString(), StringComparison.Ordinal);
        Assert.Null(sink.Standing);
        Assert.Equal(MarkerStanding.InStep, withoutSink.Sinks.Single(sink => sink.Connection == "files").Standing);
        Assert.NotNull(withoutSink.Sources["source"].Head);
        Assert.Empty(withoutSink.Start);
    }

    private async Task<string?[]> SlotAsync() => (await Stage.QueryAsync($"SELECT confirmed_flush_lsn, restart_lsn, active_pid FROM pg_replication_slots WHERE slot_name = '{Name}'"))[0];
}
