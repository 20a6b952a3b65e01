using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Configuration;
using CdcFlow.Runtime;
using CdcFlow.Testing;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>A start by mistake, with an empty folder of checkpoints, beside an instance that has a transaction open.</summary>
public sealed class ForeignStoreTests(SharedBroker broker)
{
    private static readonly PipelineOptions seldom = new() { CheckpointInterval = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF3030")]
    public async Task Is_refused_and_harms_nobody_until_the_sink_is_taken_over()
    {
        using var rig = new PipelineRig<OwnedPipeline>(await broker.StartAsync());
        var database = InMemoryDatabase.Named("owned-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        using var process = rig.Make(seldom);
        var owner = PipelineRig<OwnedPipeline>.Runner(process);
        var running = owner.RunAsync(Cancellation);
        await owner.CheckpointAsync(Cancellation);

        rig.Settings = new Dictionary<string, string?> { ["CdcFlow:owned:Checkpoint:Store"] = rig.Store + "-elsewhere" };
        for (var start = 2; start <= 3; start++)
        {
            database.Transaction(transaction => transaction.Insert(new Item(start, "in an open transaction")));
            await owner.WhenIdleAsync();
            var refusal = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
            Assert.Equal(CheckpointErrorCodes.ForeignStore, refusal.Code);
            Assert.Contains("`takeover` shows whose the sinks are, makes this store their owner", refusal.Fix, StringComparison.Ordinal);
            Assert.Equal(CheckpointErrorCodes.ForeignStore, (await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync(new RecoveryOverride(null)))).Code);
            using (var tool = rig.Make())
            {
                var abort = () => PipelineRig<OwnedPipeline>.Runner(tool).AbortOrphansAsync(force: false, Cancellation);
                Assert.Equal(CheckpointErrorCodes.ForeignStore, (await Assert.ThrowsAsync<CdcFlowException>(abort)).Code);
            }

            Assert.Contains(await rig.ChecksAsync(), check => check is { Status: PreflightStatus.Failed, Code: CheckpointErrorCodes.ForeignStore });
            while (database.Confirmations is not [.., var confirmed] || confirmed < database.Head)
            {
                await owner.CheckpointAsync(Cancellation);
            }
        }

        Assert.Equal([1, 2, 3], await rig.ItemsAsync(Client.Isolation.ReadUncommitted)); // nothing was aborted, nor written twice
        using (var tool = rig.Make())
        {
            var report = await PipelineRig<OwnedPipeline>.Runner(tool).TakeOverAsync(_ => ValueTask.FromResult(true), Cancellation);
            Assert.Equal(["bus"], report!.Connections);
            Assert.Equal(CheckpointErrorCodes.MarkerAhead, Assert.IsType<Refusal>(report.Next).Code);
        }

        database.Transaction(transaction => transaction.Insert(new Item(4, "after")));
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => owner.CheckpointAsync(Cancellation));
        Assert.True((await Assert.ThrowsAsync<CdcFlowException>(() => running)).IsFenced);
        Assert.Equal(CheckpointErrorCodes.MarkerAhead, (await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync())).Code);
        await rig.RunAsync(new RecoveryOverride(null));
        Assert.Equal([1, 2, 3, 1, 2, 3, 4], await rig.ItemsAsync());
        database.Transaction(transaction => transaction.Insert(new Item(5, "later")));
        await rig.RunAsync();
        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 5], await rig.ItemsAsync());
        rig.Settings = new Dictionary<string, string?>();
        Assert.Equal(CheckpointErrorCodes.ForeignStore, (await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync())).Code);
    }
}
