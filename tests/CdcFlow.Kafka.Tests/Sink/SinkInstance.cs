using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Tests.Conformance;
using CdcFlow.Rejects;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>One process of a pipeline that writes accounts to some cluster; the test plays the runtime's part.</summary>
internal sealed class SinkInstance
{
    private readonly Epoch epoch;
    private readonly ISinkWriter<Account> accounts;

    /// <param name="cluster">A client of its own; disposed with the connection.</param>
    /// <param name="attribute">The sink.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="holder">Where it says that it runs.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="sink">The sink's name.</param>
    public SinkInstance(IKafkaCluster cluster, KafkaSinkAttribute attribute, long epoch, string holder, TimeProvider time, string sink = "accounts")
    {
        this.epoch = new Epoch(epoch);
        var context = KafkaSinkTarget.Context(time);
        Connection = new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(attribute, context), cluster, holder);
        accounts = Connection.AddWriter<Account, AccountCodec>(attribute, sink, ConnectorSettings.None);
    }

    public KafkaSinkConnection Connection { get; }

    public CheckpointRef? Marker { get; private set; }

    /// <summary>How many commits have returned.</summary>
    public int Commits { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task OpenAsync(Delivery delivery = Delivery.ExactlyOnce, IRejectCount? count = null) => Marker = await Connection.OpenAsync(
        new SinkOpenContext(SinkConformance.Pipeline, epoch, delivery, SinkConformance.Store) { RejectCount = count ?? IRejectCount.None }, Cancellation);

    /// <summary>Opens it for a store that takes the sink over from the one of all others.</summary>
    public async Task TakeOverAsync(StoreId store) => Marker = await Connection.OpenAsync(
        new SinkOpenContext(SinkConformance.Pipeline, epoch, Delivery.ExactlyOnce, store) { Replaces = SinkConformance.Store }, Cancellation);

    public async Task WriteAsync(params Change<Account>[] changes)
    {
        var batch = new ChangeBatch<Account>();
        foreach (var change in changes)
        {
            batch.Add(change);
        }

        await accounts.WriteAsync(batch, Cancellation);
        batch.Release();
    }

    public async Task<CommitPermit> PrepareAsync(long id)
    {
        var checkpoint = new CheckpointRef(epoch, new CheckpointId(id));
        return SinkConformance.Permit(checkpoint, await Connection.PrepareAsync(checkpoint, Cancellation));
    }

    public async Task CommitAsync(CommitPermit permit)
    {
        await Connection.CommitAsync(permit, Cancellation);
        Commits++;
    }

    public async Task CheckpointAsync(long id) => await CommitAsync(await PrepareAsync(id));
}
