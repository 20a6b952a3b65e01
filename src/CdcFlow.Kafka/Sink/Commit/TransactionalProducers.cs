using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>Two transactional ids in turn, so that each transaction has a producer epoch of its own.</summary>
/// <remarks>
/// Clients without KIP-890 keep one epoch over many transactions, so a request to commit that is delayed or doubled on its way may commit the next one
/// half-way (KAFKA-17754). Here the next one has the other id, and before an id comes round again its epoch is raised, in the background.
/// One caller, one call at a time.
/// </remarks>
internal sealed class TransactionalProducers : IAsyncDisposable
{
    private static readonly TimeSpan abortTimeout = TimeSpan.FromSeconds(5);

    private readonly IKafkaCluster cluster;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private (ProducerOptions Id, Task<IKafkaProducer> Producer) current;
    private (ProducerOptions Id, Task<IKafkaProducer> Producer) spare;
    private bool isOpen;

    private TransactionalProducers(IKafkaCluster cluster, TimeProvider time, (ProducerOptions, Task<IKafkaProducer>) current, (ProducerOptions, Task<IKafkaProducer>) spare)
    {
        this.cluster = cluster;
        this.time = time;
        this.current = current;
        this.spare = spare;
    }

    /// <summary>The transactional ids of a prefix: all that must be fenced before a pipeline goes on.</summary>
    public static IReadOnlyList<string> Ids(string prefix) => [$"{prefix}.0", $"{prefix}.1"];

    /// <summary>Opens both; when it returns, no older instance can commit any more and what it has committed is decided.</summary>
    public static async ValueTask<TransactionalProducers> OpenAsync(
        IKafkaCluster cluster, TimeProvider time, KafkaConnectionOptions options, CancellationToken cancellationToken)
    {
        var ids = Ids(options.TransactionalId);
        var (one, other) = (options.Producer(ids[0]), options.Producer(ids[1]));
        var first = await cluster.OpenProducerAsync(one, cancellationToken);
        try
        {
            var second = await cluster.OpenProducerAsync(other, cancellationToken);
            return new TransactionalProducers(cluster, time, (one, Task.FromResult(first)), (other, Task.FromResult(second)));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the open transaction's producer, and begins one if none is open.</summary>
    public async ValueTask<IKafkaProducer> BeginAsync(CancellationToken cancellationToken)
    {
        var producer = await current.Producer;
        if (!isOpen)
        {
            await producer.BeginAsync(cancellationToken);
            isOpen = true;
        }

        return producer;
    }

    /// <summary>Commits the open transaction.</summary>
    /// <exception cref="KafkaException">It is not committed, or nobody knows; nothing but disposal is left then.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        isOpen = false; // or nobody knows
        var producer = await current.Producer;
        await producer.CommitAsync(cancellationToken);
        (current, spare) = (spare, (current.Id, RenewAsync(producer, current.Id)));
    }

    /// <summary>Ends everything; an open transaction is aborted, so that readers need not wait for its timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        ending.Cancel(); // here and now: CancelAsync would go to the thread pool
        foreach (var waiting in new[] { current.Producer, spare.Producer })
        {
            try
            {
                await using var producer = await waiting;
                if (isOpen && waiting == current.Producer)
                {
                    await AbortAsync(producer);
                }
            }
            catch (Exception error) when (error is CdcFlowException or OperationCanceledException)
            {
                // It was wanted for a transaction that there will not be. One that is open is aborted by the next start, or by the broker for its age.
            }
        }

        ending.Dispose();
    }

    private async ValueTask AbortAsync(IKafkaProducer producer)
    {
        using var patience = new CancellationTokenSource(abortTimeout, time);
        await producer.AbortAsync(patience.Token);
    }

    private async Task<IKafkaProducer> RenewAsync(IKafkaProducer used, ProducerOptions id)
    {
        await used.DisposeAsync();
        return await cluster.OpenProducerAsync(id, ending.Token);
    }
}
