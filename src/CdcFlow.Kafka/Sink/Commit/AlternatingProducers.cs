using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>Two transactional ids in turn, each transaction under a producer epoch of its own.</summary>
/// <remarks>
/// Clients without KIP-890 keep one epoch over many transactions, so a request to commit that was delayed on its way may commit the next one
/// half-way (KAFKA-17754). Here the next one has another id, and before an id is used again its epoch is raised, in the background.
/// One caller, one call at a time.
/// </remarks>
internal sealed class AlternatingProducers : IAsyncDisposable
{
    private static readonly TimeSpan abortTimeout = TimeSpan.FromSeconds(5);

    private readonly IKafkaCluster cluster;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private (ProducerOptions Id, Task<IKafkaProducer> Producer) next;
    private (ProducerOptions Id, Task<IKafkaProducer> Producer) afterNext;
    private (ProducerOptions Id, IKafkaProducer Producer)? open;
    private bool isDecided; // or nobody knows

    private AlternatingProducers(
        IKafkaCluster cluster, TimeProvider time, (ProducerOptions, Task<IKafkaProducer>) next, (ProducerOptions, Task<IKafkaProducer>) afterNext)
    {
        this.cluster = cluster;
        this.time = time;
        this.next = next;
        this.afterNext = afterNext;
    }

    /// <summary>The transactional ids of a prefix: all that must be fenced before a pipeline goes on.</summary>
    public static IReadOnlyList<string> Ids(string prefix) => [$"{prefix}.0", $"{prefix}.1"];

    /// <summary>Opens both; when it returns, no older instance can commit any more and what it has committed is decided.</summary>
    public static async ValueTask<AlternatingProducers> OpenAsync(
        IKafkaCluster cluster, TimeProvider time, string prefix, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (one, other) = (new ProducerOptions(Ids(prefix)[0], timeout), new ProducerOptions(Ids(prefix)[1], timeout));
        var first = await cluster.OpenProducerAsync(one, cancellationToken);
        try
        {
            var second = await cluster.OpenProducerAsync(other, cancellationToken);
            return new AlternatingProducers(cluster, time, (one, Task.FromResult(first)), (other, Task.FromResult(second)));
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
        if (open is not { } opened)
        {
            opened = (next.Id, await next.Producer);
            await opened.Producer.BeginAsync(cancellationToken);
            open = opened;
            next = afterNext;
        }

        return opened.Producer;
    }

    /// <summary>Commits the open transaction; the next will have the other id.</summary>
    /// <exception cref="KafkaException">It is not committed, or nobody knows; nothing but disposal is left then.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        var (id, used) = open!.Value;
        isDecided = true;
        await used.CommitAsync(cancellationToken);
        isDecided = false;
        open = null;
        afterNext = (id, RenewAsync(used, id));
    }

    /// <summary>Ends everything; an open transaction is aborted, so that readers need not wait for its timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        ending.Cancel(); // here and now: CancelAsync would go to the thread pool
        if (open is { } opened)
        {
            await AbortAsync(opened.Producer);
            await opened.Producer.DisposeAsync();
        }

        foreach (var waiting in new[] { next.Producer, afterNext.Producer }.Distinct())
        {
            try
            {
                await (await waiting).DisposeAsync();
            }
            catch (Exception error) when (error is CdcFlowException or OperationCanceledException)
            {
                // It was wanted for a transaction that there will not be.
            }
        }

        ending.Dispose();
    }

    private async ValueTask AbortAsync(IKafkaProducer producer)
    {
        using var patience = new CancellationTokenSource(abortTimeout, time);
        try
        {
            if (!isDecided)
            {
                await producer.AbortAsync(patience.Token);
            }
        }
        catch (Exception error) when (error is CdcFlowException or OperationCanceledException)
        {
            // The next start does it, or the broker when the transaction is too old.
        }
    }

    private async Task<IKafkaProducer> RenewAsync(IKafkaProducer used, ProducerOptions id)
    {
        await used.DisposeAsync();
        return await cluster.OpenProducerAsync(id, ending.Token);
    }
}
