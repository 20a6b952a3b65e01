using CdcFlow.Checkpointing.Protocol;

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A start by mistake, with another folder of checkpoints, beside an instance that works.</summary>
public sealed class ForeignStoreTests : Case<Items>
{
    [Fact]
    [Trait("WayOut", "CDCF3030")]
    public async Task Start_with_an_empty_store_is_refused_and_the_running_instance_goes_on_until_it_is_taken_over()
    {
        await WorksAsync();
        for (var start = 0; start < 2; start++)
        {
            await RefusedBesideAsync("elsewhere", "CDCF3030", "the store of this start is ", "`takeover` shows whose the sinks are, makes this store their owner");
            await GoesOnAsync(10 + start);
        }

        var report = await TakeOverAsync("elsewhere");
        Assert.Equal(["files", "sink"], report.Connections.Order());
        Assert.IsType<Refusal>(report.Next);
        Assert.Null(report.Newest);
        await SourceAsync("DELETE FROM t WHERE id < 5; INSERT INTO t VALUES (50, 'after')");
        await EndedOrCaughtUpAsync();
        await StopsAsync("CDCF", "taken");
        Assert.True(await EndedFencedAsync());

        await RefusedTwiceAsync("CDCF3003", "`none` to begin afresh");
        await RunAfreshAsync("lost");
        await SameAsync();
        await RefusedBesideAsync("checkpoints", "CDCF3030");
        await SourceAsync("INSERT INTO t VALUES (51, 'later')");
        await RunAsync();
        await SameAsync();
    }

    /// <summary>An order says where to begin, and not whose the sinks are.</summary>
    [Fact]
    public async Task Start_with_an_empty_store_is_refused_also_if_it_is_told_to_begin_afresh()
    {
        await WorksAsync();
        await RefusedAfreshBesideAsync("elsewhere", "CDCF3030");
        await GoesOnAsync(10);
        await StopAsync();
    }

    [Fact]
    public async Task Start_with_a_backup_of_the_store_is_refused_and_the_running_instance_goes_on()
    {
        await WorksAsync();
        Stage.CopyStore("backup");
        await GoesOnAsync(10);
        for (var start = 0; start < 2; start++)
        {
            await RefusedBesideAsync("backup", "CDCF3003", "Bring back the newest store");
            await GoesOnAsync(20 + start);
        }

        await StopAsync();
    }

    private async Task WorksAsync()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT g, 'first' FROM generate_series(1, 9) g;");
        await StartAsync();
        await CaughtUpAsync();
    }

    private async Task GoesOnAsync(int id)
    {
        await SourceAsync($"INSERT INTO t VALUES ({id}, 'row')");
        await CaughtUpAsync();
        Assert.DoesNotContain("starts again", Log, StringComparison.Ordinal);
    }
}
