using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>What our stores do beyond the port's promises, which <see cref="CheckpointStoreConformanceTests"/> checks: a process of the same machine is seen to live, and no epoch is left out.</summary>
public sealed class CheckpointStoreTests
{
    private static readonly LeaseHolder holder = new("alpha", 17, DateTimeOffset.UnixEpoch);

    public static TheoryData<string> Stores => ["memory", "file"];

    [Theory, MemberData(nameof(Stores))]
    public async Task Epochs_grow_by_one_with_each_lease(string kind)
    {
        var store = Store(kind);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
            Assert.Equal(epoch, lease.Epoch.Value);
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Lease_is_looked_at_without_asking_for_it(string kind)
    {
        var store = Store(kind);
        Assert.Null(await store.ReadLeaseAsync(holder.Machine, CancellationToken.None));
        await using (var lease = await store.AcquireAsync(holder, CancellationToken.None))
        {
            for (var look = 0; look < 2; look++)
            {
                var held = await store.ReadLeaseAsync(holder.Machine, CancellationToken.None);
                Assert.Equal((lease.Epoch, holder, LeaseHold.Held), (held!.Epoch, held.Holder, held.Hold));
            }

            await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        }

        Assert.Equal(LeaseHold.Free, (await store.ReadLeaseAsync(holder.Machine, CancellationToken.None))!.Hold);
        await using var next = await store.AcquireAsync(holder, CancellationToken.None);
        Assert.Equal(2, next.Epoch.Value);
    }

    [Fact]
    public async Task Lease_of_another_machine_says_nothing_of_its_holders_life_until_it_is_given_back()
    {
        var store = Store("file");
        await using (await store.AcquireAsync(holder, CancellationToken.None))
        {
            Assert.Equal(LeaseHold.Elsewhere, (await store.ReadLeaseAsync("beta", CancellationToken.None))!.Hold);
        }

        Assert.Equal(LeaseHold.Free, (await store.ReadLeaseAsync("beta", CancellationToken.None))!.Hold);
    }

    private static ICheckpointStore Store(string kind) => kind == "memory"
        ? new InMemoryCheckpointStore("orders", new ManualTime())
        : new FileCheckpointStore("orders", "/state/orders", new SimulatedFileSystem(new SimulatedDisk()), new ManualTime());
}
