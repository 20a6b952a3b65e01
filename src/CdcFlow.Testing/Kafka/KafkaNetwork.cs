namespace CdcFlow.Testing.Kafka;

/// <summary>The network between clients and the modelled brokers: loses, delays and doubles requests as a test wants.</summary>
/// <remarks>Not thread-safe by itself; arrange it before the requests, or on their scheduler.</remarks>
public sealed class KafkaNetwork
{
    private readonly Dictionary<KafkaRequest, Queue<(KafkaFault Fault, int After)>> planned = [];
    private readonly List<(long At, Action Arrive)> underWay = [];
    private long requests;

    /// <summary>Whether the brokers answer; when set to false, requests under way are lost with their connections.</summary>
    public bool IsUp
    {
        get;
        set
        {
            field = value;
            underWay.Clear();
        }
    } = true;

    /// <summary>Requests that are still to arrive late.</summary>
    public int UnderWay => underWay.Count;

    /// <summary>Plans a fault for the next request of a kind that has none planned.</summary>
    /// <param name="request">Which requests.</param>
    /// <param name="fault">What becomes of it.</param>
    /// <param name="after">Where it arrives late: after how many further requests, of any kind; by default not before <see cref="DeliverLate"/>.</param>
    public void Plan(KafkaRequest request, KafkaFault fault, int after = int.MaxValue)
    {
        if (!planned.TryGetValue(request, out var queue))
        {
            planned.Add(request, queue = []);
        }

        queue.Enqueue((fault, after));
    }

    /// <summary>Delivers what is under way; nobody hears the answers.</summary>
    public void DeliverLate() => Deliver(long.MaxValue);

    /// <summary>Carries a request to the brokers and the answer back.</summary>
    internal TResult Send<TResult>(KafkaRequest request, Func<TResult> effect)
    {
        requests++;
        Deliver(requests);
        if (!IsUp)
        {
            throw NoAnswer(request);
        }

        if (!planned.TryGetValue(request, out var queue) || !queue.TryDequeue(out var next))
        {
            return effect();
        }

        if (next.Fault is KafkaFault.Delayed or KafkaFault.Duplicated)
        {
            underWay.Add((requests + next.After, () => _ = effect()));
        }

        return next.Fault switch
        {
            KafkaFault.None or KafkaFault.Duplicated => effect(),
            KafkaFault.AnswerLost => effect() is var _ ? throw NoAnswer(request) : default!,
            _ => throw NoAnswer(request),
        };
    }

    private static KafkaModelException NoAnswer(KafkaRequest request) => new(KafkaError.RequestTimedOut, $"no answer to {request}");

    private void Deliver(long now)
    {
        foreach (var late in underWay.Where(late => late.At <= now).ToList())
        {
            underWay.Remove(late);
            try
            {
                late.Arrive();
            }
            catch (KafkaModelException)
            {
                // The refusal is an answer, and nobody hears it.
            }
        }
    }
}
