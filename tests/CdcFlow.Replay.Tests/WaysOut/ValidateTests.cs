using CdcFlow.Configuration;

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>What <c>validate</c> says of a start at the place that it would go on from, while an instance runs and while none does.</summary>
public sealed class ValidateTests : Case<Items>
{
    [Fact]
    public async Task Slot_that_is_gone_behind_the_checkpoint_is_told_before_a_start_and_what_it_says_can_be_tried()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await RunAsync();
        await SourceAsync($"SELECT pg_drop_replication_slot('{Name}')");
        await RefusedTwiceAsync("CDCF4040", "--resnapshot lost");
        await SourceAsync("DELETE FROM t; INSERT INTO t VALUES (2, 'two')");
        await RunResnapshotAsync("lost");
        await SameAsync();
        Assert.DoesNotContain(await ValidateAsync(), check => check.Status == PreflightStatus.Failed);
    }

    [Fact]
    public async Task Instance_that_runs_and_goes_on_committing_is_no_reason_to_refuse_a_start()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await StartAsync();
        for (var round = 2; round < 6; round++)
        {
            await SourceAsync($"INSERT INTO t VALUES ({round}, 'more')");
            var looking = ValidateAsync();
            await CaughtUpAsync();
            Assert.DoesNotContain(await looking, check => check.Status == PreflightStatus.Failed);
        }

        await StopAsync();
        await SameAsync();
    }
}
